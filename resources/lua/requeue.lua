--[[
Puts dead letters back into their stream as new entries and takes them out of the dead letters; each letter wholly or not
at all. An entry that had no event_id gets the one consumers knew it by, "<stream key>/<first entry id>", so that whoever
has applied it once drops it now. Otherwise the fields are those of the first time.

KEYS[1]  dead letters of the channel   dead:{stream:X}
KEYS[2]  stream of the channel         stream:X
ARGV[1]  approximate length the stream is trimmed to
ARGV[2…] ids of letters, in the order they are to be put back

Returns  {how many were put back, what Redis said when it refused one or ''}. Stops at a refusal. Ids that are not there and
letters whose original fields cannot be read are passed over.
]]
local moved = 0
for at = 2, #ARGV do
  local letter = redis.call('XRANGE', KEYS[1], ARGV[at], ARGV[at])[1]
  local text, entry_id
  if letter then
    local parts = letter[2]
    for i = 1, #parts, 2 do
      if parts[i] == 'fields' then text = parts[i + 1] end
      if parts[i] == 'entry_id' then entry_id = parts[i + 1] end
    end
  end
  local readable, fields = pcall(cjson.decode, text or '')
  if readable and type(fields) == 'table' and #fields > 0 and #fields % 2 == 0 then
    local known = false
    for i = 1, #fields do
      fields[i] = tostring(fields[i])
      if i % 2 == 1 and fields[i] == 'event_id' then known = true end
    end
    if not known and entry_id then
      fields[#fields + 1] = 'event_id'
      fields[#fields + 1] = KEYS[2] .. '/' .. entry_id
    end
    -- More fields than a call can take would end the script in the middle.
    local called, id = pcall(function()
      return redis.pcall('XADD', KEYS[2], 'MAXLEN', '~', ARGV[1], '*', unpack(fields))
    end)
    if not called then
      return {moved, tostring(id)}
    end
    if type(id) == 'table' then
      return {moved, id['err'] or 'refused'}
    end
    redis.call('XDEL', KEYS[1], ARGV[at])
    moved = moved + 1
  end
end
return {moved, ''}
