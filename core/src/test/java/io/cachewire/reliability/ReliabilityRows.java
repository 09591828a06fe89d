package io.cachewire.reliability;

import java.util.List;

/** The faults and attacks that the client is held to, and what is expected of it: number, title, expectation. */
final class ReliabilityRows {
    private ReliabilityRows() {}

    /**
     * One row; the number is {@code F} (fault) or {@code S} (security) and two digits. The reason says why a row does not
     * apply to this client, and is empty for all others.
     */
    record Row(String number, String title, String expected, String reason) {}

    static List<Row> all() {
        return ROWS.lines()
                .map(line -> line.split(" \\| "))
                .map(parts -> new Row(parts[0], parts[1], parts[2], parts.length > 3 ? parts[3] : ""))
                .toList();
    }

    private static final String ROWS = """
            F01 | cancelled before it is written | never written, or written whole; the slot is free again
            F02 | cancelled after it was written | the reply is dropped in order, the connection stays
            F03 | cancelled within a half-read value | the rest is read past, never taken for a reply
            F04 | cancelled within a half-written value | the rest is still written, or the connection closed
            F05 | ten thousand cancels in a burst | nothing pending, no connection more or less
            F06 | time-out and reply at the same moment | one of the two; no slot is lost
            F07 | slow server | a time-out is an error in time, others do not feel it
            F08 | the head of the queue never moves | the connection is closed, all pending end, a new one comes
            F09 | interrupt of a blocking call | ends at once, flag set again, the connection stays
            F10 | blocking calls on small pools and I/O threads | no deadlock, or a clear error
            F11 | user code throws | that call fails, nothing of it is written, all stays in sync
            F12 | user code blocks | other calls keep their pace
            F13 | a caller's scope is cancelled | its call ends, the client does not
            F14 | connection refused | fails at once with host and port
            F15 | SYN without an answer | the connect time-out holds
            F16 | accepted, then silence | a greeting decides, not the accept
            F17 | accepted, then closed or reset | attempts are spaced by back-off
            F18 | reset with many calls in flight | all end at once; writes are indeterminate, reads may be repeated
            F19 | FIN on an idle connection | noticed, the next call does not feel it
            F20 | FIN that races with a call | reads succeed, writes say whether they were sent
            F21 | cut at any byte of a reply | an error, never part of a value, never a miss
            F22 | half-closed by the server | treated as closed
            F23 | gone without FIN | time-outs, then closed; the socket is not kept
            F24 | killed and started again | errors, then misses, without help
            F25 | stopped process | calls end in time, late replies go to nobody
            F26 | reconnecting | waits grow with jitter to a bound, reset by a greeting only
            F27 | name resolution | the host is named, resolved anew, each address tried
            F28 | peer that does not read | bounded buffers, time-outs fire
            F29 | bytes that trickle | the time of a call is a total
            F30 | ten thousand calls, dead server | bounded queue, the rest is refused as not sent
            F31 | many callers while reconnecting | fail fast, no storm of connects
            F32 | too many connections | a failed connect, never a reply
            F33 | close with calls in flight | all end, nothing is left, safe to repeat
            F34 | jump of the wall clock | time-outs do not notice
            F35 | the reader dies | the connection dies with it, the client goes on
            F36 | random faults | no wrong value, no call without an end, recovery
            F37 | replies cut anywhere | the same results
            F38 | many replies in one segment | the same results
            F39 | reply for another key | protocol error, closed, neither value nor miss
            F40 | wrong, missing, repeated opaque | as F39
            F41 | replies in the wrong order | detected, nobody gets another's
            F42 | reply left out | detected at the next reply
            F43 | reply that nobody asked for | idle: closed; in flight: never the next caller's
            F44 | declared length off | closed, no wait beyond the time-out
            F45 | length that is no length | protocol error
            F46 | giant or endless value | refused at the header
            F47 | endless lines and items | refused at a limit
            F48 | line ends nearly right | protocol error, nothing skipped in silence
            F49 | not memcached | protocol error that shows few bytes, escaped
            F50 | out of memory for one of many | that one fails, typed as worth repeating
            F51 | value too large | refused here, or by the server alone and in sync
            F52 | error to a well-formed request | that call fails; with a data block the connection is closed
            F53 | data block run as commands | the extra replies reach nobody
            F54 | errors of quiet writes | fenced off from the next reply
            F55 | server commands in the pipeline | matched by kind; quit at most at the end
            F56 | many keys, forged or failed in part | nothing accepted that was not asked; failed is not missing
            F57 | extreme and valid | exact
            F58 | new, reordered, base64 meta flags | accepted; other kinds of reply are not
            F59 | leases: win, stale, lost race | one winner
            F60 | reply to a write lost | indeterminate, never sent again
            F61 | authentication fails or hangs | typed, no storm, nothing given away
            F62 | TLS goes wrong | refused before any request
            F63 | server without the asked dialect | said once and clearly
            F64 | UDP loss, reorder, forgery | errors in time, sources checked
            F65 | Unix socket missing or stale | clear error, recovery
            F66 | one of several servers dead | only its keys are concerned, and cheaply
            F67 | marking a server dead | after some failures, reopened by a good probe only
            F68 | flapping server | keys do not move with each flap
            F69 | stale values after rehashing | documented; not by default
            F70 | many keys, one slow server | the others' results by the deadline
            F71 | all servers dead | an error at once, then recovery
            F72 | change of the server list under load | few keys move, bad answers change nothing
            F73 | slow server and shared limits | limits are per connection
            S01 | control characters in keys | refused before a byte is written
            S02 | length of keys | counted in bytes with the prefix; an over-long key runs no command
            S03 | every entry for keys | all check; a call with one bad key sends none
            S04 | switches that turn checks off | there are none
            S05 | Unicode in keys | two texts are never one key
            S06 | numbers at their limits | refused or exact
            S07 | value bytes | any bytes; the length is that of what is sent
            S08 | Java serialization | off unless chosen, filtered
            S09 | foreign flags | typed error, no guess
            S10 | JSON | no default typing, limits
            S11 | decompression | bounded
            S12 | a hostile server's wish for memory | lives in a small heap
            S13 | TLS host names | checked
            S14 | no downgrade | no byte in clear
            S15 | credentials | shown nowhere
            S16 | credentials in clear | explicit only
            S17 | commands before authentication | none
            S18 | keys and values in messages and logs | keys escaped, values never
            S19 | discovery names foreign hosts | bounded and checked | the client has no discovery: servers are those that the program names
            S20 | addresses | parsed strictly
            S21 | UDP | off by default, sources checked
            S22 | fuzzing | typed errors only, bounded memory
            S23 | model checks of the queues | pass
            S24 | supply chain | few pinned dependencies, no native code
            S25 | side effects on the JVM | none; daemon threads
            S26 | what is kept and printed | no values, no callers' contexts
            """;
}
