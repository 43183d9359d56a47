/*
 * A milter on Sendmail's libmilter that takes every recipient and does nothing else: what a milter in C costs before it has
 * done any work. It asks for the same events as RcptVerify, so that both are sent the same bytes.
 *
 * Build: gcc -O2 -o libmilter-empty libmilter-empty.c -lmilter -pthread      (Debian's package libmilter-dev)
 * Usage: libmilter-empty inet:PORT@127.0.0.1
 */
#include <stdio.h>

#include <libmilter/mfapi.h>

static sfsistat negotiate(SMFICTX *context, unsigned long actions, unsigned long steps, unsigned long more1, unsigned long more2,
                          unsigned long *want_actions, unsigned long *want_steps, unsigned long *want1, unsigned long *want2)
{
    const unsigned long unwanted = SMFIP_NOHELO | SMFIP_NOBODY | SMFIP_NOHDRS | SMFIP_NOEOH | SMFIP_NOUNKNOWN | SMFIP_NODATA
                                   | SMFIP_NR_CONN | SMFIP_NR_MAIL;

    (void)context, (void)actions, (void)more1, (void)more2;
    *want_actions = 0;
    *want_steps = steps & unwanted;
    *want1 = 0;
    *want2 = 0;
    return SMFIS_CONTINUE;
}

static sfsistat take_recipient(SMFICTX *context, char **arguments)
{
    (void)context, (void)arguments;
    return SMFIS_CONTINUE;
}

int main(int count, char **arguments)
{
    struct smfiDesc filter = {
        .xxfi_name = "empty",
        .xxfi_version = SMFI_VERSION,
        .xxfi_envrcpt = take_recipient,
        .xxfi_negotiate = negotiate,
    };

    if (count != 2 || smfi_setconn(arguments[1]) != MI_SUCCESS || smfi_register(filter) != MI_SUCCESS) {
        fprintf(stderr, "usage: libmilter-empty inet:PORT@127.0.0.1\n");
        return 2;
    }
    return smfi_main() == MI_SUCCESS ? 0 : 1;
}
