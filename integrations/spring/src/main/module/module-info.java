/** Spring's cache abstraction on memcached. */
module io.cachewire.spring {
    requires transitive io.cachewire;
    requires transitive io.cachewire.loading;
    requires transitive spring.context;
    requires spring.beans;
    requires spring.core;
    requires static spring.tx;
    requires org.slf4j;

    exports io.cachewire.spring;
}
