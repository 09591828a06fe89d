/** Sessions, cached responses and the client's life in Ktor. Which of Ktor's libraries there must be depends on what is used. */
module io.cachewire.ktor {
    requires transitive io.cachewire;
    requires io.cachewire.loading;
    requires org.slf4j;
    requires static transitive io.ktor.http;
    requires static transitive io.ktor.utils;
    requires static transitive io.ktor.io;
    requires static transitive io.ktor.events;
    requires static transitive io.ktor.server.core;
    requires static transitive io.ktor.server.sessions;
    requires static transitive io.ktor.client.core;

    exports io.cachewire.ktor.client;
    exports io.cachewire.ktor.server;
}
