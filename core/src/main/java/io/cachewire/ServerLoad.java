package io.cachewire;

/**
 * What is under way with one server, at the moment of the look.
 *
 * @param address which server
 * @param openConnections connections that were greeted, over which requests go
 * @param connectingConnections attempts to connect that are under way
 * @param pendingRequests requests that wait to be written or answered
 * @param pendingBytes what these requests and their values take
 */
public record ServerLoad(
        ServerAddress address,
        int openConnections,
        int connectingConnections,
        int pendingRequests,
        long pendingBytes) {}
