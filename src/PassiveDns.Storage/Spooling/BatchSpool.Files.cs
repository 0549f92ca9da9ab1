using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using PassiveDns.Storage.Batches;

namespace PassiveDns.Storage.Spooling;

public sealed partial class BatchSpool
{
    private static FileStream TakeOwnership(string directory)
    {
        try
        {
            return new(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new IOException($"{directory}: another process uses this spool, or it cannot be locked ({e.Message.TrimEnd('.')}); give each pipeline a directory of its own.", e);
        }
    }

    /// <summary>Reads all that is there once: for the account, and to cut away a write that was never acknowledged.</summary>
    private void Recover()
    {
        string[] files = [.. Directory.GetFiles(_options.Directory, "*" + Extension).Order(StringComparer.Ordinal)];
        for (int i = 0; i < files.Length; i++)
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(files[i]), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number < long.MaxValue)
            {
                _nextNumber = Math.Max(_nextNumber, number + 1);
            }

            Recover(files[i], isNewest: i == files.Length - 1);
        }

        _report = _report with { RecoveredBatches = _report.PendingBatches, RecoveredRows = _report.PendingRows };
    }

    private void Recover(string path, bool isNewest)
    {
        SpoolSegment segment = new(path) { IsClosed = true };
        List<SpoolDamage> damage = [];
        long stretches = 0;
        using (SegmentReader reader = new(path))
        {
            segment.Length = reader.Length;
            while (reader.TryRead(segment.Length, out ObservationBatch? batch, out _, out SpoolDamage? found))
            {
                if (batch is not null)
                {
                    CountPending(segment, 1, batch.Rows.Count);
                    continue;
                }

                stretches++;
                if (damage.Count == MaxToldDamage) damage.RemoveAt(MaxToldDamage - 1);
                damage.Add(found!);
            }
        }

        // Only the newest file can have been written to when its process ended, and only its last record can be cut off, or the frame of an empty file.
        if (isNewest && damage.Count > 0 && damage[^1] is { } last && last.Offset + last.Octets == segment.Length
            && (last.Offset > 0 || segment.Length <= BatchFrame.FileLength))
        {
            _report = _report with { TornBytes = last.Octets };
            damage.RemoveAt(damage.Count - 1);
            stretches--;
            using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0);
            file.SetLength(last.Offset);
            file.Flush(flushToDisk: true);
            segment.Length = last.Offset;
        }

        segment.IsDamaged = stretches > 0;
        _damage.AddRange(damage.Take(MaxToldDamage - _damage.Count));
        _report = _report with { DamagedStretches = _report.DamagedStretches + stretches };
        if (segment.PendingBatches == 0) Discard(segment);
        else Enlist(segment);
    }

    private void Enlist(SpoolSegment segment)
    {
        _segments.AddLast(segment);
        _report = _report with { Bytes = _report.Bytes + segment.Length };
    }

    /// <summary>Takes a file away whose batches are all stored; one with damage is kept for people to look at.</summary>
    private static void Discard(SpoolSegment segment)
    {
        if (segment.IsDamaged) File.Move(segment.Path, segment.Path + DamagedExtension, overwrite: true);
        else File.Delete(segment.Path);
    }

    private void Append(ObservationBatch batch)
    {
        SpoolSegment segment;
        lock (_state)
        {
            if (_segments.Last?.Value is { IsClosed: false } open && open.Length >= _options.SegmentBytes) open.IsClosed = true;
            if (_segments.Last?.Value is not { IsClosed: false }) StartSegment();
            segment = _segments.Last!.Value;
            _isAppending = true;
        }

        bool isWritten = false;
        try
        {
            long length = BatchRecord.Append(_writing!, _salt, batch, reason: "");
            isWritten = true;
            lock (_state)
            {
                segment.Length += length;
                CountPending(segment, 1, batch.Rows.Count);
                _report = _report with
                {
                    Bytes = _report.Bytes + length,
                    AppendedBatches = _report.AppendedBatches + 1,
                    AppendedRows = _report.AppendedRows + batch.Rows.Count,
                };
            }
        }
        finally
        {
            lock (_state)
            {
                _isAppending = false;

                // A part of a record must not stand before the next one. The file is as long as its whole records say for whoever reads it.
                if (!isWritten) segment.IsClosed = true;
            }
        }

        _appended.Writer.TryWrite(true);
    }

    private void StartSegment()
    {
        _writing?.Dispose();
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        _salt = BinaryPrimitives.ReadUInt64BigEndian(random);
        SpoolSegment segment = new(Path.Combine(_options.Directory, _nextNumber++.ToString("D19", CultureInfo.InvariantCulture) + Extension));
        _writing = new(segment.Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
        Span<byte> frame = stackalloc byte[BatchFrame.FileLength];
        BatchFrame.WriteFile(frame, _salt);
        _writing.Write(frame);
        segment.Length = frame.Length;
        Enlist(segment);
    }

    /// <summary>Reads one record of the oldest file, or lets go of the file if all of it is stored.</summary>
    /// <param name="onlyRelease">Whether nothing is read.</param>
    /// <returns><c>false</c> if there is nothing to read.</returns>
    private bool TryStep(bool onlyRelease = false)
    {
        SpoolSegment segment;
        long end;
        lock (_state)
        {
            if (_segments.First is not { Value: { } first }) return false;
            segment = first;
            end = first.Length;
        }

        _reading ??= new(segment.Path);
        if (_reading.Position < end)
        {
            if (onlyRelease) return false;
            _reading.TryRead(end, out _current, out _, out _);
            return true; // a batch; or damage, which was counted when the spool was opened; or a file without a record, which leaves in the next step
        }

        lock (_state)
        {
            // Something may have been appended since; a file that is being appended to stays.
            if (segment.Length > end) return true;
            if (!segment.IsClosed && _isAppending) return false;
            _segments.RemoveFirst();
            _report = _report with { Bytes = _report.Bytes - segment.Length };
            if (segment.PendingBatches > 0) CountLost(segment);
            if (!segment.IsClosed)
            {
                _writing?.Dispose();
                _writing = null;
            }
        }

        _reading.Dispose();
        _reading = null;
        Discard(segment);
        return true;
    }

    /// <summary>What was whole when the spool was opened or the batch appended, and cannot be read any more.</summary>
    private void CountLost(SpoolSegment segment)
    {
        segment.IsDamaged = true;
        _report = _report with
        {
            LostBatches = _report.LostBatches + segment.PendingBatches,
            LostRows = _report.LostRows + segment.PendingRows,
            DamagedStretches = _report.DamagedStretches + 1,
        };
        if (_damage.Count < MaxToldDamage)
        {
            string lost = string.Create(CultureInfo.InvariantCulture, $"batches that were written cannot be read back ({segment.PendingBatches})");
            _damage.Add(new(Path.GetFileName(segment.Path), 0, segment.Length, lost));
        }

        CountPending(segment, -segment.PendingBatches, -segment.PendingRows);
    }
}
