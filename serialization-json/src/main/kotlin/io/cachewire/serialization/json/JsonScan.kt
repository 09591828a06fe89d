package io.cachewire.serialization.json

import java.math.BigDecimal

/**
 * One pass over a JSON text before it is parsed: all of the grammar (RFC 8259), because the parser is lenient in what it passes over and with
 * control characters; nesting that would use up its stack; a name that comes twice in an object, where readers differ on which value counts.
 * Takes time by the length of the text.
 *
 * @param words what may stand without quotes beside numbers
 */
internal class JsonScan(private val text: String, private val maxDepth: Int, private val words: Set<String>) {
    enum class Found { NOTHING, TOO_DEEP, NAME_TWICE, NO_JSON }

    /** The names of each open object, outermost first; null for an array. Objects at one depth share theirs in turn. */
    private val open = arrayOfNulls<Names>(maxDepth + 1)
    private val spare = arrayOfNulls<Names>(maxDepth + 1)

    /** Whether the string that was passed last has an escape. */
    private var hasEscape = false

    /** Where integers with an exponent begin and end. */
    private val exponents = ArrayList<IntRange>(0)

    /**
     * The text with each integer that has an exponent and fits into 64 bits in plain digits: the parser would read it by way of a double,
     * and `123456789012345679e1` as another number.
     */
    fun withPlainIntegers(): String {
        if (exponents.isEmpty()) return text
        val plain = StringBuilder(text.length)
        var copied = 0
        for (place in exponents) {
            plain.append(text, copied, place.first).append(plainInteger(text.substring(place)))
            copied = place.last + 1
        }
        return plain.append(text, copied, text.length).toString()
    }

    private fun plainInteger(literal: String): String {
        val exponent = literal.substring(literal.indexOfFirst { it == 'e' || it == 'E' } + 1).toIntOrNull()
        // what is longer is no integer of 64 bits, or zero
        val isShort =
            exponent != null && exponent in -LONGEST_INTEGER..LONGEST_INTEGER && literal.length <= LONGEST_INTEGER
        if (!isShort) return literal
        return try {
            BigDecimal(literal).longValueExact().takeIf { it != 0L }?.toString() ?: literal
        } catch (_: ArithmeticException) {
            literal
        }
    }

    /** Where the text is no JSON, once [scan] has found that. */
    var place = 0
        private set

    /** What may come next. */
    private enum class Next { VALUE, VALUE_OR_END, NAME, NAME_OR_END, COLON, COMMA_OR_END, NOTHING }

    fun scan(): Found {
        var depth = 0
        var next = Next.VALUE
        var i = 0
        while (i < text.length) {
            val found = next
            place = i
            when (text[i]) {
                ' ', '\t', '\n', '\r' -> Unit

                '{', '[' -> {
                    if (found != Next.VALUE && found != Next.VALUE_OR_END) return Found.NO_JSON
                    if (++depth > maxDepth) return Found.TOO_DEEP
                    val isObject = text[i] == '{'
                    open[depth] = if (isObject) emptyNames(depth) else null
                    next = if (isObject) Next.NAME_OR_END else Next.VALUE_OR_END
                }

                '}', ']' -> {
                    val isObject = depth > 0 && open[depth] != null
                    val mayEnd =
                        found == Next.COMMA_OR_END || found == (if (isObject) Next.NAME_OR_END else Next.VALUE_OR_END)
                    if (!mayEnd || isObject != (text[i] == '}')) return Found.NO_JSON
                    depth--
                    next = afterValue(depth)
                }

                ',' -> {
                    if (found != Next.COMMA_OR_END) return Found.NO_JSON
                    next = if (open[depth] != null) Next.NAME else Next.VALUE
                }

                ':' -> {
                    if (found != Next.COLON) return Found.NO_JSON
                    next = Next.VALUE
                }

                '"' -> {
                    val end = endOfString(i + 1)
                    if (end < 0 || found == Next.COLON || found == Next.COMMA_OR_END ||
                        found == Next.NOTHING
                    ) {
                        return Found.NO_JSON
                    }
                    if (found == Next.NAME || found == Next.NAME_OR_END) {
                        if (open[depth]?.add(i + 1, end) == false) return Found.NAME_TWICE
                        next = Next.COLON
                    } else {
                        next = afterValue(depth)
                    }
                    i = end
                }

                else -> {
                    if (found != Next.VALUE && found != Next.VALUE_OR_END) return Found.NO_JSON
                    val end = endOfLiteral(i)
                    if (!isNumber(i, end) &&
                        (end - i > LONGEST_WORD || text.substring(i, end) !in words)
                    ) {
                        return Found.NO_JSON
                    }
                    next = afterValue(depth)
                    i = end - 1
                }
            }
            i++
        }
        place = text.length
        return if (next == Next.NOTHING) Found.NOTHING else Found.NO_JSON
    }

    private fun afterValue(depth: Int) = if (depth == 0) Next.NOTHING else Next.COMMA_OR_END

    private fun endOfLiteral(from: Int): Int {
        var i = from
        while (i < text.length && text[i] !in ENDS_OF_LITERAL) {
            i++
        }
        return i
    }

    /** `-? (0 | [1-9] [0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`, as RFC 8259 has it. */
    private fun isNumber(from: Int, end: Int): Boolean {
        var i = if (text[from] == '-') from + 1 else from
        var isInteger = true
        val whole = afterDigits(i, end)
        if (whole == i || (text[i] == '0' && whole > i + 1)) return false
        i = whole
        if (i < end && text[i] == '.') {
            val fraction = afterDigits(i + 1, end)
            if (fraction == i + 1) return false
            isInteger = false
            i = fraction
        }
        if (i < end && (text[i] == 'e' || text[i] == 'E')) {
            val sign = i + 1
            val digits = if (sign < end && (text[sign] == '+' || text[sign] == '-')) sign + 1 else sign
            i = afterDigits(digits, end)
            if (i == digits) return false
            if (isInteger && i == end) exponents += from until end
        }
        return i == end
    }

    private fun afterDigits(from: Int, end: Int): Int {
        var i = from
        while (i < end && text[i] in '0'..'9') {
            i++
        }
        return i
    }

    private fun emptyNames(depth: Int): Names {
        val names = spare[depth] ?: Names().also { spare[depth] = it }
        names.clear()
        return names
    }

    /** Where the closing quote is, or -1 when there is none, or a control character or a wrong escape before it. */
    private fun endOfString(from: Int): Int {
        var i = from
        hasEscape = false
        while (i < text.length) {
            val c = text[i]
            when {
                c == '"' -> return i

                c < ' ' -> {
                    place = i
                    return -1
                }

                c == '\\' -> {
                    hasEscape = true
                    val length = lengthOfEscape(i)
                    if (length == 0) {
                        place = i
                        return -1
                    }
                    i += length
                }

                else -> i++
            }
        }
        place = i
        return -1
    }

    private fun lengthOfEscape(from: Int): Int {
        val kind = if (from + 1 < text.length) text[from + 1] else return 0
        if (kind != 'u') return if (kind in ESCAPES) 2 else 0
        if (from + 6 > text.length) return 0
        return if ((from + 2 until from + 6).all {
                text[it] in '0'..'9' || text[it] in 'a'..'f' || text[it] in 'A'..'F'
            }
        ) {
            6
        } else {
            0
        }
    }

    /** The names of one object: the first few are compared where they stand, more are kept in a set. */
    private inner class Names {
        private val starts = IntArray(FEW)
        private val ends = IntArray(FEW)
        private var count = 0
        private var many = HashSet<String>()

        fun clear() {
            count = 0
            // clearing takes time by what was in it at any time
            if (many.size > FEW) many = HashSet() else many.clear()
        }

        /** False when the name is there already. */
        fun add(start: Int, end: Int): Boolean {
            if (hasEscape) {
                return addToMany(unescaped(start, end))
            }
            for (other in 0 until count) {
                val length = ends[other] - starts[other]
                if (length == end - start && text.regionMatches(starts[other], text, start, length)) {
                    return false
                }
            }
            if (count == FEW || many.isNotEmpty()) {
                return addToMany(text.substring(start, end))
            }
            starts[count] = start
            ends[count++] = end
            return true
        }

        private fun addToMany(name: String): Boolean {
            if (many.isEmpty()) {
                for (other in 0 until count) {
                    many += text.substring(starts[other], ends[other])
                }
            }
            return many.add(name)
        }
    }

    /** A name with its escapes resolved; wrong escapes are the parser's to refuse. */
    private fun unescaped(start: Int, end: Int): String = buildString {
        var i = start
        while (i < end) {
            if (text[i] != '\\' || i + 1 >= end) {
                append(text[i++])
                continue
            }
            val code = if (text[i + 1] == 'u' &&
                i + 6 <= end
            ) {
                text.substring(i + 2, i + 6).toIntOrNull(16)
            } else {
                null
            }
            if (code != null) {
                append(code.toChar())
                i += 6
            } else {
                append(ESCAPED[text[i + 1]] ?: text[i + 1])
                i += 2
            }
        }
    }

    private companion object {
        const val FEW = 16
        const val LONGEST_WORD = 16
        const val ESCAPES = "\"\\/bfnrt"
        const val LONGEST_INTEGER = 40
        const val ENDS_OF_LITERAL = " \t\n\r:,[]{}\""
        val ESCAPED = mapOf('b' to '\b', 'f' to '\u000c', 'n' to '\n', 'r' to '\r', 't' to '\t')
    }
}
