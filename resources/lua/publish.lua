--[[
Publishes one event: takes the channel's next sequence number, appends the entry, broadcasts it. All or nothing: when the
append or the broadcast is refused (wrong type, no permission, no memory), what was done before it is undone, so that a
sequence number never exists without its entry.

KEYS[1]  stream of the channel             stream:X
KEYS[2]  sequence counter of the channel   seq:{stream:X}
KEYS[3]  what became of this event id      published:{stream:X}:<event id>
         (All three hash to one slot: the tag of the companions is the stream's whole key.)
ARGV[1]  channel, also the name of the pub/sub channel
ARGV[2]  event id, a UUID
ARGV[3]  event type
ARGV[4]  source
ARGV[5]  timestamp, RFC 3339 UTC
ARGV[6]  data, JSON text
ARGV[7]  approximate length the stream is trimmed to
ARGV[8]  idempotency window in ms; 0 turns it off

Returns  "<sequence number> <entry id>"; with "=" in front when this event id was published within the window and nothing was
         added. One text, because a table of three costs a good part of a microsecond; the same text is kept for the window.

Event id, type and source hold no quotes, backslashes or control characters (the publisher refuses them), so they are put
into the broadcast's JSON as they are.
]]
local window = ARGV[8]
if window ~= '0' then
  local before = redis.call('GET', KEYS[3])
  if before then
    return '=' .. before
  end
end

local sequence = redis.call('INCR', KEYS[2]) .. ''
local id = redis.pcall('XADD', KEYS[1], 'MAXLEN', '~', ARGV[7], '*',
  'event_id', ARGV[2], 'event_type', ARGV[3], 'source', ARGV[4],
  'timestamp', ARGV[5], 'sequence_number', sequence, 'data', ARGV[6])
if type(id) == 'table' then
  redis.call('DECR', KEYS[2])
  return id
end

local told = redis.pcall('PUBLISH', ARGV[1],
  '{"id":"' .. id .. '","event_id":"' .. ARGV[2] .. '","event_type":"' .. ARGV[3]
  .. '","source":"' .. ARGV[4] .. '","timestamp":"' .. ARGV[5]
  .. '","sequence_number":' .. sequence .. ',"data":' .. ARGV[6] .. '}')
if type(told) == 'table' then
  redis.call('XDEL', KEYS[1], id)
  redis.call('DECR', KEYS[2])
  return told
end

local result = sequence .. ' ' .. id
if window ~= '0' then
  redis.call('SET', KEYS[3], result, 'PX', window)
end
return result
