/** Locks of ShedLock in memcached. */
module io.cachewire.shedlock {
    requires transitive io.cachewire;
    requires transitive net.javacrumbs.shedlock.core;

    exports io.cachewire.shedlock;
}
