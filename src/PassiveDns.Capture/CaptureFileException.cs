namespace PassiveDns.Capture;

/// <summary>A capture file cannot be read at all: it is missing, empty, no capture, or of a kind that is not supported. The message names the file and the mend.</summary>
/// <param name="message">One line: file, problem, mend.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class CaptureFileException(string message, Exception? innerException = null) : IOException(message, innerException);
