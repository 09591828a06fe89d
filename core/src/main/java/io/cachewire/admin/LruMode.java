package io.cachewire.admin;

/** How a server orders the items of a slab class. */
public enum LruMode {
    /** One list. */
    FLAT,
    /** Hot, warm and cold lists; needs a server with an LRU maintainer, which is the default. */
    SEGMENTED
}
