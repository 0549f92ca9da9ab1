namespace PassiveDns.Capture.Live;

/// <summary>An interface cannot be listened to, or went away. The message names it and the mend.</summary>
/// <param name="message">One line: interface, problem, mend.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class LiveCaptureException(string message, Exception? innerException = null) : IOException(message, innerException);
