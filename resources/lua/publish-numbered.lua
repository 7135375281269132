--[[
Publishes events of one channel whose sequence numbers were given elsewhere (by the ledger), in order. The channel's counter is the
fence: an event is appended only when the counter has reached the number before its own and not its own yet, so that however
often and by however many publishers it is tried, each event is in the stream once and in order. An event that is refused
moves no counter, so those after it are refused for their order.

KEYS[1]      stream of the channel              stream:X
KEYS[2]      sequence counter of the channel    seq:{stream:X}
KEYS[2 + n]  what became of the n-th event's id  published:{stream:X}:<event id>
             (All of them hash to one slot: the tag of the companions is the stream's whole key.)
ARGV[1]      channel, also the name of the pub/sub channel
ARGV[2]      approximate length the stream is trimmed to
ARGV[3]      how long a result is kept under KEYS[2 + n], in ms
ARGV[4]      at the end the counter is raised to this number where it is below, unless an event was refused; 0 for none
ARGV[5 ...]  seven per event:
             its number
             the number before it: what lies between the two is not to be published
             event id
             event type
             source
             timestamp, RFC 3339 UTC
             data, JSON text

Returns  one line per event, in order, joined by line feeds:
         "<number> <entry id>"    published now
         "=<number> <entry id>"   published before; without an entry id where the entry is gone from the stream
         "!ORDER <counter>"       numbers before it are missing in the stream; nothing was done
         "!TAKEN <counter>"       its number is in the stream with another event; nothing was done
         "!<message>"             refused by the server, with the server's words; nothing is left of it
]]
local stream, counter = KEYS[1], KEYS[2]
local channel, maxlen, window, top = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

-- Entries of the stream by event id, and the ids of events by number. Read once, and only where a result is not known.
local ids, owners
local function look()
  ids, owners = {}, {}
  local from = '-'
  repeat
    local entries = redis.call('XRANGE', stream, from, '+', 'COUNT', 1000)
    for _, entry in ipairs(entries) do
      local number, event_id
      for i = 1, #entry[2], 2 do
        if entry[2][i] == 'event_id' then event_id = entry[2][i + 1] end
        if entry[2][i] == 'sequence_number' then number = entry[2][i + 1] end
      end
      if event_id and not ids[event_id] then ids[event_id] = entry[1] end
      if number then owners[number] = event_id or '' end
      from = '(' .. entry[1]
    end
  until #entries < 1000
end

-- The counter has passed the number of this event.
local function published_before(number, event_id, current, result)
  local before = redis.pcall('GET', result)
  if type(before) == 'string' then return '=' .. before end
  if not ids then look() end
  if ids[event_id] then return '=' .. number .. ' ' .. ids[event_id] end
  if owners[number] then return '!TAKEN ' .. current end
  return '=' .. number .. ' '
end

local function publish(number, after, event_id, event_type, source, timestamp, data, result)
  local current = redis.pcall('GET', counter)
  if type(current) == 'table' then return '!' .. current.err end
  current = current or '0'
  local at = tonumber(current)
  if not at then return '!ERR the counter ' .. counter .. ' holds no number' end
  if at >= tonumber(number) then return published_before(number, event_id, current, result) end
  if at < tonumber(after) then return '!ORDER ' .. current end

  local id = redis.pcall('XADD', stream, 'MAXLEN', '~', maxlen, '*',
    'event_id', event_id, 'event_type', event_type, 'source', source,
    'timestamp', timestamp, 'sequence_number', number, 'data', data)
  if type(id) == 'table' then return '!' .. id.err end

  local answer = number .. ' ' .. id
  local refused
  for _, call in ipairs({
    { 'SET', counter, number },
    { 'SET', result, answer, 'PX', window },
    { 'PUBLISH', channel,
      '{"id":"' .. id .. '","event_id":' .. cjson.encode(event_id) .. ',"event_type":' .. cjson.encode(event_type)
      .. ',"source":' .. cjson.encode(source) .. ',"timestamp":"' .. timestamp
      .. '","sequence_number":' .. number .. ',"data":' .. data .. '}' },
  }) do
    local done = redis.pcall(unpack(call))
    if type(done) == 'table' and done.err then
      refused = done.err
      break
    end
  end
  if refused and type(redis.pcall('XDEL', stream, id)) == 'number' then
    redis.pcall('SET', counter, current)
    redis.pcall('DEL', result)
    return '!' .. refused
  end
  return answer
end

local results, whole = {}, true
for n = 1, (#ARGV - 4) / 7 do
  local at = 7 * n - 2
  local answer = publish(ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5], ARGV[at + 6],
    KEYS[2 + n])
  if string.sub(answer, 1, 1) == '!' then whole = false end
  results[n] = answer
end
if whole and top > 0 then
  local current = tonumber(redis.call('GET', counter) or '0')
  if current and current < top then redis.call('SET', counter, ARGV[4]) end
end
return table.concat(results, '\n')
