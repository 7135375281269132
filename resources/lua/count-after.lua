--[[
Counts entries of a stream after an id, one bounded piece at a time, without sending them anywhere. Reads only.

KEYS[1]  the stream
ARGV[1]  count entries after this id
ARGV[2]  at most this many

Returns  {how many, the id of the last one counted}; the id is ARGV[1] when there was none.
]]
local entries = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])
local count = #entries
if count == 0 then
  return {0, ARGV[1]}
end
return {count, entries[count][1]}
