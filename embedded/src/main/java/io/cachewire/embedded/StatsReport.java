package io.cachewire.embedded;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/**
 * What {@code stats} answers. Names and their order are those of memcached 1.6.18; numbers that have no meaning here
 * (threads, slabs, crawler, extstore) are those of a fresh server with default settings.
 */
final class StatsReport {
    private static final int LARGEST_DUMP = 2 * 1024 * 1024;
    private static final int END_BYTES = 6;

    private final Store store;
    private final ServerClock clock;
    private final Statistics statistics;
    private final PrefixStatistics prefixes;
    private final int port;
    private final int maxConnections;
    private final IntSupplier connections;

    StatsReport(
            Store store,
            ServerClock clock,
            Statistics statistics,
            PrefixStatistics prefixes,
            int port,
            int maxConnections,
            IntSupplier connections) {
        this.store = store;
        this.clock = clock;
        this.statistics = statistics;
        this.prefixes = prefixes;
        this.port = port;
        this.maxConnections = maxConnections;
        this.connections = connections;
    }

    String general() {
        Statistics s = statistics;
        return new Lines()
                .put("pid", ProcessHandle.current().pid())
                .put("uptime", clock.uptime())
                .put("time", clock.unixTime())
                .put("version", Commands.VERSION)
                .put("libevent", "2.1.12-stable")
                .put("pointer_size", 64)
                .put("rusage_user", "0.000000")
                .put("rusage_system", "0.000000")
                .put("max_connections", maxConnections)
                .put("curr_connections", connections.getAsInt())
                .put("total_connections", s.totalConnections)
                .put("rejected_connections", s.rejectedConnections)
                .put("connection_structures", connections.getAsInt())
                .zeros("response_obj_oom", "response_obj_count", "response_obj_bytes", "read_buf_count")
                .zeros("read_buf_bytes", "read_buf_bytes_free", "read_buf_oom")
                .put("reserved_fds", 20)
                .put("cmd_get", s.getHits + s.getMisses)
                .put("cmd_set", s.setCommands)
                .put("cmd_flush", s.flushCommands)
                .put("cmd_touch", s.touchHits + s.touchMisses)
                .put("cmd_meta", s.metaCommands)
                .put("get_hits", s.getHits)
                .put("get_misses", s.getMisses)
                .put("get_expired", s.getExpired)
                .put("get_flushed", s.getFlushed)
                .put("delete_misses", s.deleteMisses)
                .put("delete_hits", s.deleteHits)
                .put("incr_misses", s.incrMisses)
                .put("incr_hits", s.incrHits)
                .put("decr_misses", s.decrMisses)
                .put("decr_hits", s.decrHits)
                .put("cas_misses", s.casMisses)
                .put("cas_hits", s.casHits)
                .put("cas_badval", s.casBadValue)
                .put("touch_hits", s.touchHits)
                .put("touch_misses", s.touchMisses)
                .put("store_too_large", s.storeTooLarge)
                .put("store_no_memory", s.storeNoMemory)
                .zeros("auth_cmds", "auth_errors")
                .put("bytes_read", s.bytesRead)
                .put("bytes_written", s.bytesWritten)
                .put("limit_maxbytes", store.maxBytes())
                .put("accepting_conns", 1)
                .zeros("listen_disabled_num", "time_in_listen_disabled_us")
                .put("threads", 1)
                .zeros("conn_yields")
                .put("hash_power_level", 16)
                .put("hash_bytes", 524288)
                .zeros("hash_is_expanding", "slab_reassign_rescues", "slab_reassign_chunk_rescues")
                .zeros("slab_reassign_evictions_nomem", "slab_reassign_inline_reclaim", "slab_reassign_busy_items")
                .zeros("slab_reassign_busy_deletes", "slab_reassign_running", "slabs_moved", "lru_crawler_running")
                .zeros("lru_crawler_starts", "lru_maintainer_juggles", "malloc_fails", "log_worker_dropped")
                .zeros("log_worker_written", "log_watcher_skipped", "log_watcher_sent", "log_watchers")
                .zeros("unexpected_napi_ids", "round_robin_fallback")
                .put("bytes", store.bytes())
                .put("curr_items", store.items().size())
                .put("total_items", s.totalItems)
                .zeros("slab_global_page_pool")
                .put("expired_unfetched", s.expiredUnfetched)
                .put("evicted_unfetched", s.evictedUnfetched)
                .zeros("evicted_active")
                .put("evictions", s.evictions)
                .put("reclaimed", s.reclaimed)
                .zeros("crawler_reclaimed", "crawler_items_checked", "lrutail_reflocked", "moves_to_cold")
                .zeros("moves_to_warm", "moves_within_lru", "direct_reclaims", "lru_bumps_dropped")
                .end();
    }

    String settings() {
        return new Lines()
                .put("maxbytes", store.maxBytes())
                .put("maxconns", maxConnections)
                .put("tcpport", port)
                .put("udpport", 0)
                .put("inter", "127.0.0.1")
                .put("verbosity", 0)
                .put("oldest", store.flushMoment())
                .all("evictions on;domain_socket NULL;umask 700;shutdown_command no;growth_factor 1.25;chunk_size 48")
                .all("num_threads 1;num_threads_per_udp 1;stat_key_prefix :")
                .put("detail_enabled", prefixes.isOn() ? "yes" : "no")
                .all("reqs_per_event 20;cas_enabled yes;tcp_backlog 1024;binding_protocol auto-negotiate")
                .all("auth_enabled_sasl no;auth_enabled_ascii no")
                .put("item_size_max", store.maxItemBytes())
                .all("maxconns_fast yes;hashpower_init 0;slab_reassign yes;slab_automove 1;slab_automove_ratio 0.80")
                .all("slab_automove_window 30;slab_chunk_max 524288;lru_crawler yes;lru_crawler_sleep 100")
                .all("lru_crawler_tocrawl 0;tail_repair_time 0;flush_enabled yes;dump_enabled yes")
                .all("hash_algorithm murmur3;lru_maintainer_thread yes;lru_segmented yes;hot_lru_pct 20")
                .all("warm_lru_pct 40;hot_max_factor 0.20;warm_max_factor 2.00;temp_lru no;temporary_ttl 61")
                .all("idle_timeout 0;watcher_logbuf_size 262144;worker_logbuf_size 65536;read_buf_mem_limit 0")
                .all("track_sizes no;inline_ascii_response no;ext_item_size 512;ext_item_age 4294967295;ext_low_ttl 0")
                .all("ext_recache_rate 2000;ext_wbuf_size 4194304;ext_compact_under 0;ext_drop_under 0")
                .all("ext_max_sleep 1000000;ext_max_frag 0.80;slab_automove_freeratio 0.010;ext_drop_unread no")
                .all("ssl_enabled no;ssl_chain_cert (null);ssl_key (null);ssl_verify_mode 0;ssl_keyformat 1")
                .all("ssl_ciphers NULL;ssl_ca_cert NULL;ssl_wbuf_size 16384;ssl_session_cache no;ssl_kernel_tls no")
                .all("ssl_min_version tlsv1.2;num_napi_ids (null);memory_file (null)")
                .end();
    }

    String items() {
        Lines lines = new Lines();
        itemsByClass().forEach((slabClass, items) -> {
            long bytes = items.stream().mapToLong(Item::size).sum();
            long oldest = items.stream()
                    .mapToLong(item -> clock.now() - item.lastAccess)
                    .max()
                    .orElse(0);
            lines.under("items:" + slabClass + ":")
                    .put("number", items.size())
                    .put("number_hot", items.size())
                    .zeros("number_warm", "number_cold", "age_hot", "age_warm")
                    .put("age", oldest)
                    .put("mem_requested", bytes)
                    .zeros("evicted", "evicted_nonzero", "evicted_time", "outofmemory", "tailrepairs", "reclaimed")
                    .zeros("expired_unfetched", "evicted_unfetched", "evicted_active", "crawler_reclaimed")
                    .zeros("crawler_items_checked", "lrutail_reflocked", "moves_to_cold", "moves_to_warm")
                    .zeros("moves_within_lru", "direct_reclaims", "hits_to_hot", "hits_to_warm", "hits_to_cold")
                    .zeros("hits_to_temp");
        });
        return lines.end();
    }

    String slabs() {
        Lines lines = new Lines();
        long pages = 0;
        SortedMap<Integer, List<Item>> classes = itemsByClass();
        for (Map.Entry<Integer, List<Item>> entry : classes.entrySet()) {
            int chunk = SlabClasses.chunkSize(entry.getKey());
            int perPage = SlabClasses.PAGE_BYTES / chunk;
            int used = entry.getValue().size();
            int ownPages = (used + perPage - 1) / perPage;
            pages += ownPages;
            lines.under(entry.getKey() + ":")
                    .put("chunk_size", chunk)
                    .put("chunks_per_page", perPage)
                    .put("total_pages", ownPages)
                    .put("total_chunks", (long) ownPages * perPage)
                    .put("used_chunks", used)
                    .put("free_chunks", (long) ownPages * perPage - used)
                    .zeros("free_chunks_end", "get_hits", "cmd_set", "delete_hits", "incr_hits", "decr_hits")
                    .zeros("cas_hits", "cas_badval", "touch_hits");
        }
        return lines.under("")
                .put("active_slabs", classes.size())
                .put("total_malloced", pages * SlabClasses.PAGE_BYTES)
                .end();
    }

    String connections() {
        Lines lines =
                new Lines().under("0:").put("addr", "tcp:127.0.0.1:" + port).put("state", "conn_listening");
        lines.put("secs_since_last_cmd", clock.uptime());
        for (int i = 1; i <= connections.getAsInt(); i++) {
            lines.under(i + ":")
                    .put("addr", "tcp:127.0.0.1:0")
                    .put("listen_addr", "tcp:127.0.0.1:" + port)
                    .put("state", "conn_parse_cmd")
                    .zeros("secs_since_last_cmd");
        }
        return lines.end();
    }

    /** The items of a class, youngest first; limit 0 for all. */
    String cacheDump(int slabClass, int limit) {
        StringBuilder dump = new StringBuilder();
        List<Item> items = new ArrayList<>(itemsByClass().getOrDefault(slabClass, List.of()));
        Collections.reverse(items);
        long most = limit == 0 ? items.size() : Integer.toUnsignedLong(limit);
        items.stream()
                .limit(most)
                .map(item -> String.format(
                        Locale.ROOT,
                        "ITEM %s [%d b; %d s]\r\n",
                        item.key,
                        item.value.length,
                        item.exptime == 0 ? 0 : clock.unixTime(item.exptime)))
                .takeWhile(line -> dump.length() + line.length() + END_BYTES <= LARGEST_DUMP)
                .forEach(dump::append);
        return dump.append("END\r\n").toString();
    }

    private SortedMap<Integer, List<Item>> itemsByClass() {
        SortedMap<Integer, List<Item>> classes = new TreeMap<>();
        for (Item item : store.items()) {
            classes.computeIfAbsent(SlabClasses.classOf(item.size()), slabClass -> new ArrayList<>())
                    .add(item);
        }
        return classes;
    }

    /** The {@code STAT} lines of one answer. */
    private static final class Lines {
        private final StringBuilder text = new StringBuilder();
        private String prefix = "";

        /** Puts this in front of the names from here on. */
        Lines under(String namePrefix) {
            prefix = namePrefix;
            return this;
        }

        Lines put(String name, Object value) {
            text.append("STAT ")
                    .append(prefix)
                    .append(name)
                    .append(' ')
                    .append(value)
                    .append("\r\n");
            return this;
        }

        Lines zeros(String... names) {
            for (String name : names) {
                put(name, 0);
            }
            return this;
        }

        /** Names with their values, apart by semicolons. */
        Lines all(String entries) {
            for (String entry : entries.split(";", -1)) {
                text.append("STAT ").append(entry).append("\r\n");
            }
            return this;
        }

        String end() {
            return text.append("END\r\n").toString();
        }
    }
}
