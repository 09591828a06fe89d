/** Values that are loaded on a miss and refreshed. */
module io.cachewire.loading {
    requires transitive io.cachewire;
    requires com.github.benmanes.caffeine;
    requires org.slf4j;

    exports io.cachewire.loading;
}
