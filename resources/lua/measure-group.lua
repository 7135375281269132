--[[
Measures where a group stands in its stream from the data, and keeps the server's count of what the group has read right.
The server's own lag is null or wrong after XTRIM and XDEL: when entries are trimmed before the group was given them, the
server goes on counting as if they had been read (Redis 7.0). Here that difference is found, told once, and put right.

KEYS[1]  the stream
ARGV[1]  the group
ARGV[2]  entries counted one by one, at most, where arithmetic cannot do it

Returns  nothing when there is no such stream or group, else {
  1  entries in the stream
  2  entries in the stream after the last one the group was given (a lower bound where field 3 is 0)
  3  1 when field 2 is exact
  4  entries that were removed before the group was given them, since the last measurement
  5  entries given and not acknowledged
  6  id of the oldest of those, or ''
  7… name and count of each consumer that has such entries
}
]]
local function named(flat)
  local fields = {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

-- Ids are compared as text of equal length: a double does not hold 64 bits.
local function after(a, b)
  local a1, a2 = string.match(a, '^(%d+)-(%d+)$')
  local b1, b2 = string.match(b, '^(%d+)-(%d+)$')
  if #a1 ~= #b1 then return #a1 > #b1 end
  if a1 ~= b1 then return a1 > b1 end
  if #a2 ~= #b2 then return #a2 > #b2 end
  return a2 > b2
end

if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
local group
for _, one in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local fields = named(one)
  if fields['name'] == ARGV[1] then group = fields end
end
if not group then return {} end

local stream = named(redis.call('XINFO', 'STREAM', KEYS[1]))
local length, added = stream['length'], stream['entries-added']
local at, read = group['last-delivered-id'], group['entries-read']
local first = stream['first-entry'] and stream['first-entry'][1]
local deleted = stream['max-deleted-entry-id']

local left, exact = 0, 1
if length == 0 or not after(stream['last-generated-id'], at) then
  left = 0
elseif after(first, at) then
  left = length
elseif added and read and not after(deleted, at) then
  left = math.max(0, added - read)
else
  left = #redis.call('XRANGE', KEYS[1], '(' .. at, '+', 'COUNT', ARGV[2])
  if left >= tonumber(ARGV[2]) then exact = 0 end
end

local gone = 0
if added and exact == 1 and read ~= added - left then
  if read then gone = math.max(0, added - left - read) end
  redis.call('XGROUP', 'SETID', KEYS[1], ARGV[1], at, 'ENTRIESREAD', added - left)
end

local pending = redis.call('XPENDING', KEYS[1], ARGV[1])
local result = {length, left, exact, gone, pending[1], pending[2] or ''}
if pending[4] then
  for _, consumer in ipairs(pending[4]) do
    result[#result + 1] = consumer[1]
    result[#result + 1] = consumer[2]
  end
end
return result
