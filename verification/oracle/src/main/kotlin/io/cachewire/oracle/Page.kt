package io.cachewire.oracle

import java.nio.file.Files
import java.nio.file.Path

/** Puts figures into a page, between `<!-- name -->` and the next `<!-- end -->`, in place of those that are there. */
internal fun writeSection(page: Path, name: String, text: String) {
    val before = Files.readString(page)
    val begin = "<!-- $name -->\n"
    val from = before.indexOf(begin)
    require(from >= 0) { "$page has no section $name" }
    val to = before.indexOf("<!-- end -->", from)
    Files.writeString(page, before.substring(0, from + begin.length) + text.trim() + "\n" + before.substring(to))
}
