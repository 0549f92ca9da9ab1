namespace PassiveDns.Analysis;

/// <summary>The words that combosquats put beside a brand.</summary>
internal sealed class KnownWords
{
    /// <summary>The words that are known unless others are given: what campaigns and help desks write.</summary>
    public static readonly string[] Defaults =
    [
        "access", "account", "accounts", "activate", "admin", "alert", "alerts", "app", "apps", "auth", "authenticate", "authorize", "backup", "bank", "banking", "billing",
        "bonus", "booking", "business", "cancel", "card", "cards", "care", "cash", "center", "centre", "chat", "check", "claim", "client", "cloud", "code", "com", "confirm",
        "confirmation", "connect", "contact", "corp", "coupon", "credit", "customer", "deal", "deals", "delivery", "direct", "discount", "document", "docs", "download", "ebill", "email",
        "enroll", "express", "file", "files", "find", "form", "forms", "free", "gift", "gifts", "giveaway", "global", "group", "help", "helpdesk", "home", "hotline", "http", "https",
        "identity", "inc", "info", "install", "invoice", "invoices", "job", "jobs", "key", "limited", "live", "loan", "loans", "login", "logon", "mail", "manage", "member",
        "members", "mobile", "money", "mydesk", "my", "myaccount", "net", "netbank", "new", "news", "notice", "notification", "notify", "now", "office", "official", "online", "order", "orders",
        "outlet", "page", "parcel", "pass", "password", "pay", "payment", "payments", "payroll", "phone", "pin", "portal", "post", "premium", "pro", "process", "profile", "promo",
        "protect", "protection", "recover", "recovery", "redirect", "refund", "register", "registration", "renew", "renewal", "request", "reset", "resolution", "restore", "review",
        "reward", "rewards", "safe", "safety", "sale", "sales", "secure", "secured", "security", "server", "service", "services", "session", "settings", "shipping", "shop", "sign", "signin",
        "signon", "signup", "site", "sms", "ssl", "sso", "staff", "statement", "status", "store", "summary", "support", "survey", "system", "tax", "team", "tech", "ticket", "token", "track", "tracking",
        "transaction", "transfer", "trust", "unlock", "update", "updates", "upgrade", "user", "users", "validate", "validation", "vault", "verification", "verified", "verify", "view", "vip",
        "vpn", "wallet", "web", "webmail", "website", "welcome", "win", "work", "www", "zone",
    ];

    private readonly HashIndex _words;
    private readonly int[][] _texts;
    private readonly int _longest;

    /// <summary>Takes words.</summary>
    /// <param name="words">The words, in small letters.</param>
    public KnownWords(IEnumerable<string> words)
    {
        _texts = [.. words.Select(static word => word.EnumerateRunes().Select(static rune => rune.Value).ToArray())];
        _words = new(_texts.Select(static (text, i) => (TextHash.Of(text), i)));
        _longest = _texts.Length == 0 ? 0 : _texts.Max(static text => text.Length);
    }

    /// <summary>Whether a text without separators is one known word after the other.</summary>
    /// <param name="text">1 to 63 letters.</param>
    public bool Segments(ReadOnlySpan<int> text)
    {
        Span<bool> reached = stackalloc bool[DomainName.MaxLabelLength + 1];
        reached[0] = true;
        for (int start = 0; start < text.Length; start++)
        {
            if (!reached[start]) continue;
            ulong hash = TextHash.Start;
            for (int end = start; end < text.Length && end - start < _longest; end++)
            {
                hash = TextHash.Append(hash, text[end]);
                if (Contains(hash, text[start..(end + 1)])) reached[end + 1] = true;
            }
        }

        return reached[text.Length];
    }

    private bool Contains(ulong hash, ReadOnlySpan<int> word)
    {
        foreach (int candidate in _words.Find(hash))
        {
            if (word.SequenceEqual(_texts[candidate])) return true;
        }

        return false;
    }
}
