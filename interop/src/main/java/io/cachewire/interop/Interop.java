package io.cachewire.interop;

/**
 * Presets that make this client share servers and values with another one, in one line:
 *
 * <pre>{@code
 * BlockingMemcachedClient.builder("cache-1:11211").interop(Interop.pylibmc().ketama()).build()
 * }</pre>
 *
 * <p>Each preset starts with what its client does when nothing is set, and has options for what matters. Settings of the
 * builder that come after the preset override it. Which values are shared is told in {@code docs/interop-values.md}.
 */
public final class Interop {
    private Interop() {}

    /** Python's pylibmc 1.6. */
    public static PylibmcPreset pylibmc() {
        return PylibmcPreset.DEFAULT;
    }

    /** Python's python-memcached 1.59. */
    public static PythonMemcachedPreset pythonMemcached() {
        return PythonMemcachedPreset.DEFAULT;
    }

    /** Python's pymemcache 3.5 and 4.0, its {@code HashClient}. */
    public static PymemcachePreset pymemcache() {
        return PymemcachePreset.DEFAULT;
    }

    /** Python's moecache. */
    public static MoecachePreset moecache() {
        return MoecachePreset.DEFAULT;
    }

    /** Ruby's dalli 3.0. */
    public static DalliPreset dalli() {
        return DalliPreset.DEFAULT;
    }

    /** PHP's memcached extension 3.2. */
    public static PhpMemcachedPreset phpMemcached() {
        return PhpMemcachedPreset.DEFAULT;
    }

    /** spymemcached 2.12. */
    public static SpymemcachedPreset spymemcached() {
        return SpymemcachedPreset.DEFAULT;
    }

    /** xmemcached 2.4. */
    public static XmemcachedPreset xmemcached() {
        return XmemcachedPreset.DEFAULT;
    }

    /** folsom 1.21. */
    public static FolsomPreset folsom() {
        return FolsomPreset.DEFAULT;
    }

    /** Go's gomemcache. Flags are its caller's affair; here they are 0. */
    public static PlainTextPreset gomemcache() {
        return PlainTextPreset.GOMEMCACHE;
    }

    /** .NET's EnyimMemcached. */
    public static EnyimPreset enyim() {
        return EnyimPreset.DEFAULT;
    }

    /** memjs 1.3 for Node.js. */
    public static PlainTextPreset memjs() {
        return PlainTextPreset.MEMJS;
    }

    /** memcached 2.2 (npm) for Node.js. */
    public static NodeMemcachedPreset nodeMemcached() {
        return NodeMemcachedPreset.DEFAULT;
    }

    /** Perl's Cache::Memcached 1.30. */
    public static PerlPreset cacheMemcached() {
        return PerlPreset.CACHE_MEMCACHED;
    }

    /** Perl's Cache::Memcached::Fast 0.28. */
    public static PerlPreset cacheMemcachedFast() {
        return PerlPreset.CACHE_MEMCACHED_FAST;
    }
}
