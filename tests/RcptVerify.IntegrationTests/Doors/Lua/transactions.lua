-- One connection, as long as an SMTP session: mails one after another, ABORT between them and in them, macros where Postfix sends them
-- and where it does not, and two ends that are not polite. Wants: socket.

function expect(what, wanted, trouble)
  if trouble ~= nil then mt.echo("FAILED " .. what .. ": " .. trouble); error(what) end
  local letter = string.char(mt.getreply(conn))
  if letter ~= wanted then mt.echo("FAILED " .. what .. ": " .. letter .. " instead of " .. wanted); error(what) end
end

function open(client)
  conn = mt.connect(socket)
  expect("negotiation", "O", mt.negotiate(conn, 6, 0x1fffff, 0x1ff))
  mt.macro(conn, SMFIC_CONNECT, "j", "mx.lab.test", "{daemon_name}", "mx.lab.test", "v", "Postfix 3.7.11", "_", client)
  expect("client", "c", mt.conninfo(conn, "client.test", client))
end

function mail(number)
  mt.macro(conn, SMFIC_MAIL, "{mail_addr}", "sender" .. number .. "@client.test", "{mail_mailer}", "smtp")
  expect("MAIL", "c", mt.mailfrom(conn, "<sender" .. number .. "@client.test>"))
end

open("192.0.2.9")
for number = 1, 5 do
  mail(number)
  -- No queue id yet: Postfix has none before the first accepted recipient.
  mt.macro(conn, SMFIC_RCPT, "{rcpt_addr}", "early@lab.test", "{rcpt_host}", "[127.0.0.1]:25", "{rcpt_mailer}", "relay")
  expect("unknown recipient", "y", mt.rcptto(conn, "<early@lab.test>"))
  mt.macro(conn, SMFIC_RCPT, "{rcpt_addr}", "alice@lab.test", "{rcpt_host}", "[127.0.0.1]:25", "{rcpt_mailer}", "relay")
  expect("known recipient", "c", mt.rcptto(conn, "<alice@lab.test>"))
  mt.macro(conn, SMFIC_RCPT, "i", "4F" .. number, "{rcpt_addr}", "late@lab.test")
  expect("another unknown one", "y", mt.rcptto(conn, "<late@lab.test>"))
  if number % 2 == 0 then
    -- The client has given up; Postfix says so twice.
    mt.abort(conn)
    mt.abort(conn)
  else
    expect("end of message", "c", mt.eom(conn))
    mt.abort(conn)
  end
end

-- A client that has authenticated himself, by the macro that Postfix sends with MAIL; the next transaction's has not.
mt.macro(conn, SMFIC_MAIL, "{auth_type}", "PLAIN", "{auth_authen}", "joe")
expect("MAIL of a user", "c", mt.mailfrom(conn, "<joe@lab.test>"))
expect("recipient of a user", "c", mt.rcptto(conn, "<nobody@lab.test>"))
mt.abort(conn)
mail(6)
expect("recipient of a stranger", "y", mt.rcptto(conn, "<nobody@lab.test>"))
mt.disconnect(conn)

-- A client let through by its network.
open("198.51.100.7")
mail(7)
expect("recipient of a client let through", "c", mt.rcptto(conn, "<nobody@lab.test>"))
mt.disconnect(conn, false)

-- Clients with IPv6, and with no address at all.
open("2001:db8::9")
mail(8)
expect("recipient of a client with IPv6", "y", mt.rcptto(conn, "<nobody@lab.test>"))
mt.disconnect(conn, false)
conn = mt.connect(socket)
expect("negotiation", "O", mt.negotiate(conn, 6, 0x1fffff, 0x1ff))
expect("client without an address", "c", mt.conninfo(conn, "local", "unspec"))
mail(9)
expect("recipient of a client without an address", "y", mt.rcptto(conn, "<nobody@lab.test>"))
mt.disconnect(conn)
mt.echo("done")
