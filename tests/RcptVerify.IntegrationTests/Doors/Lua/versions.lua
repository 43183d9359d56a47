-- Each protocol version a mail server may offer, once with every event masked that may be masked and once with none:
-- the events that come are answered, the others are not sent. Wants: socket.

function expect(what, wanted, trouble)
  if trouble ~= nil then mt.echo("FAILED " .. what .. ": " .. trouble); error(what) end
  local letter = string.char(mt.getreply(conn))
  if letter ~= wanted then mt.echo("FAILED " .. what .. ": " .. letter .. " instead of " .. wanted); error(what) end
end

function equal(what, found, wanted)
  if found ~= wanted then mt.echo("FAILED " .. what .. ": " .. tostring(found)); error(what) end
end

-- What each version knows (libmilter's mfdef.h, SMFIP_...): miltertest's negotiate() takes these before the actions.
known = { [2] = 0x7f, [3] = 0x17f, [4] = 0x3ff, [5] = 0x3ff, [6] = 0x1fffff }

function session(version, offered)
  local masked = offered ~= 0
  conn = mt.connect(socket)
  expect("negotiation", "O", mt.negotiate(conn, version, offered, 0x1ff))
  equal("no HELO", mt.test_option(conn, SMFIP_NOHELO), masked)
  equal("no body", mt.test_option(conn, SMFIP_NOBODY), masked)
  equal("no unknown commands", mt.test_option(conn, SMFIP_NOUNKNOWN), masked and version >= 3)
  equal("no DATA", mt.test_option(conn, SMFIP_NODATA), masked and version >= 4)
  equal("no answer to MAIL", mt.test_option(conn, SMFIP_NR_MAIL), masked and version >= 6)
  equal("no recipients", mt.test_option(conn, SMFIP_NORCPT), false)
  equal("changed recipients", mt.test_action(conn, SMFIF_DELRCPT), false)

  expect("client", "c", mt.conninfo(conn, "client.test", "192.0.2.9"))
  if not masked then expect("HELO", "c", mt.helo(conn, "client.test")) end
  expect("MAIL", "c", mt.mailfrom(conn, "<sender@client.test>", "SIZE=100"))
  expect("known recipient", "c", mt.rcptto(conn, "<alice@lab.test>"))
  expect("unknown recipient", "y", mt.rcptto(conn, "<nobody@lab.test>", "NOTIFY=NEVER"))
  expect("server that is away", "y", mt.rcptto(conn, "<anybody@dead.test>"))
  expect("no route", "c", mt.rcptto(conn, "<anybody@elsewhere.test>"))
  if not mt.test_option(conn, SMFIP_NOUNKNOWN) then expect("unknown command", "c", mt.unknown(conn, "NOTHING known")) end
  if not masked then
    expect("DATA", "c", mt.data(conn))
    expect("header", "c", mt.header(conn, "Subject", "x"))
    expect("end of headers", "c", mt.eoh(conn))
    expect("body", "c", mt.bodystring(conn, "Hello\r\n"))
  end
  expect("end of message", "c", mt.eom(conn))
  mt.disconnect(conn)
end

for version = 2, 6 do
  session(version, known[version])
  session(version, 0)
  mt.echo("version " .. version)
end

-- What Postfix 3.x offers, and a version that does not exist yet.
session(6, 0x1fffff)
session(7, 0x7fffffff)
mt.echo("done")
