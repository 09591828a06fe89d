package io.cachewire.verification.servers.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Version, statistics, flush, crawler, logs: what a text client may ask besides its items. */
final class AdminCommands {
    private static final Set<String> OLD_LOGS = Set.of("fetchers", "mutations", "evictions", "rawcmds");

    private final ModelServer server;
    private final Session session;
    private final Traits traits;

    AdminCommands(ModelServer server, Session session) {
        this.server = server;
        this.session = session;
        this.traits = server.traits();
    }

    void run(Line line) {
        switch (line.command()) {
            case "version" -> reply("VERSION " + traits.version());
            case "quit" -> session.close();
            case "flush_all" -> {
                server.store().flush(line.number(1).orElse(0));
                if (!line.isQuiet()) {
                    reply("OK");
                }
            }
            case "verbosity" ->
                reply(line.size() > 1 ? "OK" : traits.has(Trait.STRICT) ? Commands.BAD_FORMAT : "ERROR");
            case "stats" -> stats(line);
            case "slabs" -> slabs(line);
            case "lru" -> lru(line);
            case "lru_crawler" -> crawler(line);
            case "cache_memlimit" -> reply("OK");
            case "shutdown" -> reply((traits.has(Trait.STRICT) ? "SERVER_ERROR" : "ERROR") + ": shutdown not enabled");
            case "watch" -> watch(line);
            default -> reply("ERROR");
        }
    }

    private void stats(Line line) {
        switch (line.token(1)) {
            case "" ->
                stats(
                        "pid 1",
                        "uptime 1",
                        "time " + server.store().now(),
                        "version " + traits.version(),
                        "curr_connections 1",
                        "cmd_get 0",
                        "cmd_set 0",
                        "get_hits 0",
                        "get_misses 0",
                        "limit_maxbytes 67108864",
                        "curr_items " + server.store().all().size(),
                        "total_items 0",
                        "evictions 0");
            case "settings" ->
                stats(
                        "maxbytes 67108864",
                        "maxconns 1024",
                        "tcpport 1",
                        "udpport 0",
                        "verbosity 0",
                        "evictions on",
                        "num_threads 4",
                        "cas_enabled yes",
                        "item_size_max 1048576",
                        "lru_crawler yes",
                        "slab_automove 1");
            case "items" -> stats("items:1:number 1", "items:1:age 1", "items:1:evicted 0", "items:1:outofmemory 0");
            case "slabs" ->
                stats(
                        "1:chunk_size 96",
                        "1:chunks_per_page 10922",
                        "1:total_pages 1",
                        "1:used_chunks 1",
                        "1:free_chunks 1",
                        "active_slabs 1",
                        "total_malloced 1048576");
            case "sizes" -> stats("sizes_status disabled");
            case "conns" -> stats("22:addr tcp:127.0.0.1:1", "22:state conn_parse_cmd", "22:secs_since_last_cmd 0");
            case "reset" -> reply("RESET");
            case "sizes_enable" -> reply(traits.has(Trait.SIZES_SWITCH) ? "STAT sizes_status enabled" : "ERROR");
            case "sizes_disable" -> reply(traits.has(Trait.SIZES_SWITCH) ? "STAT sizes_status disabled" : "ERROR");
            default -> reply("ERROR");
        }
    }

    void stats(String... entries) {
        for (String entry : entries) {
            reply("STAT " + entry);
        }
        reply("END");
    }

    private void slabs(Line line) {
        switch (line.token(1)) {
            case "reassign" ->
                reply(
                        traits.has(Trait.SLAB_REASSIGN)
                                ? "NOSPARE source class has no spare pages"
                                : "CLIENT_ERROR slab reassignment disabled");
            case "automove" -> reply("OK");
            default -> reply("ERROR");
        }
    }

    private void lru(Line line) {
        boolean known = line.token(1).equals("tune")
                || traits.has(Trait.LRU_MODES) && Set.of("mode", "temp_ttl").contains(line.token(1));
        reply(known ? "OK" : "ERROR");
    }

    private void crawler(Line line) {
        switch (line.token(1)) {
            case "enable" -> {
                boolean again = server.crawlerRuns() && traits.has(Trait.CRAWLER_RUNS);
                server.crawlerRuns(true);
                reply(again ? "ERROR failed to start lru crawler thread" : "OK");
            }
            case "disable" -> {
                reply(server.crawlerRuns() ? "OK" : "ERROR failed to stop lru crawler thread");
                server.crawlerRuns(false);
            }
            case "sleep", "tocrawl" -> reply("OK");
            case "crawl" -> reply(server.crawlerRuns() ? "OK" : "CLIENT_ERROR lru crawler disabled");
            case "metadump" -> metadump(line);
            case "mgdump" -> mgdump();
            default -> reply("ERROR");
        }
    }

    private void metadump(Line line) {
        if (!server.crawlerRuns()) {
            reply("CLIENT_ERROR lru crawler disabled");
            return;
        }
        if (line.token(2).equals("hash") && !traits.has(Trait.DUMP_HASH)) {
            reply("BADCLASS invalid class id");
            return;
        }
        if (traits.has(Trait.DUMP_OK)) {
            reply("OK");
        }
        for (Item item : server.store().all()) {
            session.write("key=" + item.key + " exp=" + (item.end == 0 ? -1 : item.end) + " la=" + item.lastAccess
                    + " cas=" + item.cas + " fetch=" + (item.fetched ? "yes" : "no") + " cls=1 size=" + item.size()
                    + (traits.has(Trait.DUMP_FLAGS) ? " flags=" + Integer.toUnsignedString(item.flags) : "")
                    + (traits.has(Trait.DUMP_OK) ? " \n" : "\n"));
        }
        if (traits.has(Trait.DUMP_END)) {
            reply("END");
        }
    }

    private void mgdump() {
        if (!traits.has(Trait.MGDUMP)) {
            reply("ERROR");
            return;
        }
        if (traits.has(Trait.DUMP_OK)) {
            reply("OK");
        }
        server.store().all().forEach(item -> reply("mg " + item.key));
        reply("EN");
    }

    private void watch(Line line) {
        Set<String> known = new HashSet<>(OLD_LOGS);
        if (traits.has(Trait.WATCH_CONNEVENTS)) {
            known.addAll(List.of("connevents", "proxyreqs", "proxyevents", "proxyuser"));
        }
        if (traits.has(Trait.WATCH_DELETIONS)) {
            known.add("deletions");
        }
        if (!known.containsAll(line.from(1))) {
            reply("ERROR");
            return;
        }
        session.watch(new HashSet<>(line.from(1)));
        if (traits.has(Trait.WATCH_OK)) {
            reply("OK");
        } else {
            session.hold("OK\r\n");
        }
    }

    private void reply(String line) {
        session.write(line + "\r\n");
    }
}
