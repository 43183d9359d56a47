namespace RcptVerify.TestKit.Exim;

/// <summary>The access control list in which Exim refuses unknown users (Exim specification, chapter 44).</summary>
public enum EximAcl
{
    /// <summary><c>acl_smtp_rcpt</c>: in reply to RCPT.</summary>
    Rcpt,

    /// <summary><c>acl_smtp_predata</c>: in reply to DATA.</summary>
    Predata,

    /// <summary><c>acl_smtp_data</c>: after the final dot.</summary>
    Data,
}
