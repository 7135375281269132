--[[
Publishes events of one channel, in order: each takes the channel's next sequence number, is appended, and is broadcast. All or
nothing for each event: when its append or its broadcast is refused (wrong type, no permission, no memory), what was done
for it before is undone, so that a sequence number never exists without its entry. An event that is refused stops no
other: the ones before it stay published and the ones after it are tried.

KEYS[1]      stream of the channel              stream:X
KEYS[2]      sequence counter of the channel    seq:{stream:X}
KEYS[2 + n]  what became of the n-th event's id  published:{stream:X}:<event id>; only where the idempotency window is on
             (All of them hash to one slot: the tag of the companions is the stream's whole key.)
ARGV[1]      channel, also the name of the pub/sub channel
ARGV[2]      approximate length the stream is trimmed to
ARGV[3]      idempotency window in ms; 0 turns it off
ARGV[4 ...]  five per event:
             event id, a UUID
             event type
             source
             timestamp, RFC 3339 UTC
             data, JSON text

Returns  one line per event, in order:
         "<sequence number> <entry id>"   published now
         "=<sequence number> <entry id>"  its id was published within the window: nothing was added, this is the first result
         "!<message>"                     refused by the server, with the server's words; nothing is left of it
         One text, because a table costs a good part of a microsecond per element; a result is kept for the window as it is here.

Event id, type and source hold no quotes, backslashes or control characters (the publisher refuses them), so they are put
into the broadcast's JSON as they are. The server checks its memory limit at the first write of a call only: once that was
allowed, no later event of the call runs out of memory.
]]
local stream, counter = KEYS[1], KEYS[2]
local channel, maxlen, window = ARGV[1], ARGV[2], ARGV[3]

-- Numbers are taken for all events that are left, and those nobody used are given back before anyone else can see it.
local sequence, unused = 0, 0

-- An entry that cannot be removed keeps its number.
local function take_back(id)
  if type(redis.pcall('XDEL', stream, id)) == 'table' then
    sequence, unused = sequence + 1, unused - 1
  end
end

local function publish(event_id, event_type, source, timestamp, data, first_result, left)
  if first_result then
    local before = redis.pcall('GET', first_result)
    if type(before) == 'table' then
      return '!' .. before.err
    elseif before then
      return '=' .. before
    end
  end

  if unused == 0 then
    local top = redis.pcall('INCRBY', counter, left)
    if type(top) == 'table' then
      return '!' .. top.err
    end
    sequence, unused = top - left, left
  end

  local number = (sequence + 1) .. ''
  local id = redis.pcall('XADD', stream, 'MAXLEN', '~', maxlen, '*',
    'event_id', event_id, 'event_type', event_type, 'source', source,
    'timestamp', timestamp, 'sequence_number', number, 'data', data)
  if type(id) == 'table' then
    return '!' .. id.err
  end

  local result = number .. ' ' .. id
  if first_result then
    local kept = redis.pcall('SET', first_result, result, 'PX', window)
    if kept.err then
      take_back(id)
      return '!' .. kept.err
    end
  end

  local told = redis.pcall('PUBLISH', channel,
    '{"id":"' .. id .. '","event_id":"' .. event_id .. '","event_type":"' .. event_type
    .. '","source":"' .. source .. '","timestamp":"' .. timestamp
    .. '","sequence_number":' .. number .. ',"data":' .. data .. '}')
  if type(told) == 'table' then
    take_back(id)
    if first_result then
      redis.call('DEL', first_result)
    end
    return '!' .. told.err
  end

  sequence, unused = sequence + 1, unused - 1
  return result
end

local events = (#ARGV - 3) / 5
local results = {}
for n = 1, events do
  local at = 5 * n - 1
  results[n] = publish(ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4],
    window ~= '0' and KEYS[2 + n], events - n + 1)
end
if unused > 0 then
  redis.call('DECRBY', counter, unused)
end
return table.concat(results, '\n')
