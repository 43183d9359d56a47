namespace RcptVerify.Caching;

/// <summary>
/// What Redis does in one step. Each touches keys of one hash slot alone. Replies are arrays; the first element says what was done.
/// </summary>
internal static class RedisScripts
{
    /// <summary>
    /// Compare-and-set of a verdict. KEYS: verdict. ARGV: value, gone_at, updated, asked, status, accept_all, refusals, purged_at of all,
    /// of negatives, longest life in ms, channel, message's beginning, the least time between two refusals that demote.
    /// Reply: 1 written; 0 and the value that stays; 2 and the tombstone; 3 and the known good that is in doubt now; 4 gone already.
    /// <para>
    /// Newer wins by "updated". A temporary failure never replaces an answer. A refusal by a node that knew of no known good counts
    /// as the known good's first refusal. Dates far ahead of Redis' own clock are nobody's and give way.
    /// </para>
    /// </summary>
    public const string Put = """
        local t = redis.call('TIME')
        local now = t[1] * 1000 + math.floor(t[2] / 1000)
        local value, updated, asked, status = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
        local px = math.min(tonumber(ARGV[2]) - now, tonumber(ARGV[10]))
        if px <= 0 then return {4} end
        local result = {1}
        local old = redis.pcall('GET', KEYS[1])
        if type(old) == 'string' and #old >= 9 and #old <= 4096 then
          local kind, oldasked = string.byte(old, 1), struct.unpack('>I8', old, 2)
          if kind == 2 and #old == 9 then
            if asked <= oldasked and oldasked <= now + 60000 then return {2, old} end
          elseif kind == 1 and #old >= 41 and string.byte(old, 10) == 1 then
            local oldstatus, oldaccept, oldrefusals = string.byte(old, 11), string.byte(old, 12), string.byte(old, 15)
            local oldupdated, oldgone, oldsince = struct.unpack('>I8I8I8', old, 18)
            local purged = oldasked <= tonumber(ARGV[8]) or (oldstatus ~= 1 and oldasked <= tonumber(ARGV[9]))
            if not purged and oldupdated <= now + 60000 and oldgone > now and (status == 0 or oldstatus ~= 0) then
              if status == 0 and oldstatus ~= 0 then return {0, old} end
              if oldstatus == 1 and oldaccept == 0 and status == 1 and ARGV[6] == '1' then return {0, old} end
              if oldstatus == 1 and oldaccept == 0 and status == 2 and updated > oldupdated then
                if oldrefusals == 0 then
                  value = string.sub(old, 1, 1) .. struct.pack('>I8', asked) .. string.sub(old, 10, 14) .. string.char(1)
                    .. string.sub(old, 16, 33) .. struct.pack('>I8', updated) .. string.sub(old, 42)
                  px = math.min(oldgone - now, tonumber(ARGV[10]))
                  result = {3, value}
                elseif updated < oldsince + tonumber(ARGV[13]) then
                  return {0, old}
                end
              elseif status == 1 and oldstatus == 1 and math.abs(updated - oldupdated) < 1000 then
                if tonumber(ARGV[7]) <= oldrefusals then return {0, old} end
              elseif updated <= oldupdated then
                return {0, old}
              end
            end
          end
        end
        redis.call('SET', KEYS[1], value, 'PX', px)
        redis.call('PUBLISH', ARGV[11], ARGV[12] .. value)
        return result
        """;

    /// <summary>
    /// Removes an address: leaves a tombstone. KEYS: verdict. ARGV: when (0: now), the tombstone's life in ms, channel, message's
    /// beginning. Reply: 1, or 0 where what stands there is newer.
    /// </summary>
    public const string Remove = """
        local t = redis.call('TIME')
        local now = t[1] * 1000 + math.floor(t[2] / 1000)
        local at = tonumber(ARGV[1])
        if at == 0 or at > now then at = now end
        local old = redis.pcall('GET', KEYS[1])
        if type(old) == 'string' and #old >= 9 and string.byte(old, 1) <= 2 then
          local oldasked = struct.unpack('>I8', old, 2)
          if oldasked > at and oldasked <= now + 60000 then return {0} end
        end
        local value = string.char(2) .. struct.pack('>I8', at)
        redis.call('SET', KEYS[1], value, 'PX', ARGV[2])
        redis.call('PUBLISH', ARGV[3], ARGV[4] .. value)
        return {1}
        """;

    /// <summary>
    /// Asks for the lock of a probe and reads the verdict again. KEYS: lock, verdict. ARGV: token, life in ms, longest value.
    /// Reply: 1 if it is ours, else 0; its life in ms; the verdict's value.
    /// </summary>
    public const string Acquire = """
        local mine = redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
        local value = redis.pcall('GETRANGE', KEYS[2], 0, ARGV[3])
        if type(value) ~= 'string' then value = '' end
        if mine then return {1, 0, value} end
        return {0, redis.call('PTTL', KEYS[1]), value}
        """;

    /// <summary>Extends a lock while it is ours. KEYS: lock. ARGV: token, life in ms.</summary>
    public const string Extend = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {0} end
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return {1}
        """;

    /// <summary>Gives a lock back while it is ours, and tells how the probe ended. KEYS: lock. ARGV: token, channel, message.</summary>
    public const string Release = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {0} end
        redis.call('DEL', KEYS[1])
        redis.call('PUBLISH', ARGV[2], ARGV[3])
        return {1}
        """;

    /// <summary>
    /// Brings both sides' purges together, so that a Redis that has lost its memory learns them again, and says what time it is.
    /// KEYS: purges. ARGV: channel, message, then scope and time in turns. Reply: the time in ms, then scope and time in turns.
    /// </summary>
    public const string Sync = """
        local t = redis.call('TIME')
        for i = 3, #ARGV, 2 do
          local old = tonumber(redis.call('HGET', KEYS[1], ARGV[i])) or 0
          if old < tonumber(ARGV[i + 1]) then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
        end
        redis.call('PUBLISH', ARGV[1], ARGV[2])
        local all = redis.call('HGETALL', KEYS[1])
        table.insert(all, 1, string.format('%.0f', t[1] * 1000 + math.floor(t[2] / 1000)))
        return all
        """;

    /// <summary>Purges. KEYS: purges. ARGV: scope, when (0: now), channel, message's beginning. Reply: when.</summary>
    public const string Purge = """
        local t = redis.call('TIME')
        local at = tonumber(ARGV[2])
        if at == 0 then at = t[1] * 1000 + math.floor(t[2] / 1000) end
        local old = tonumber(redis.call('HGET', KEYS[1], ARGV[1])) or 0
        if old > at then at = old end
        local text = string.format('%.0f', at)
        redis.call('HSET', KEYS[1], ARGV[1], text)
        redis.call('PUBLISH', ARGV[3], ARGV[4] .. struct.pack('>I8', at) .. ARGV[1])
        return {text}
        """;
}
