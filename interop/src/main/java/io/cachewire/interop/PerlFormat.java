package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.Inflation;

/** Cache::Memcached and ::Fast: text, bytes and numbers alike under 0, references 1 by Storable, 2 marks gzip. */
record PerlFormat(Packing packing) implements ForeignFormat {
    private static final int STORABLE = 1;
    private static final int GZIP = 2;
    private static final Encoding REFUSED =
            Encoding.refused("Perl Storable", "let the Perl program store JSON text, encoded by itself");

    @Override
    public boolean claims(int flags) {
        return (flags & ~(STORABLE | GZIP)) == 0;
    }

    @Override
    public Stored open(EncodedValue stored, int maxBytes) {
        boolean packed = (stored.flags() & GZIP) != 0;
        DataBlock data = packed ? Inflation.gzip(stored.data(), maxBytes) : stored.data();
        return new Stored((stored.flags() & STORABLE) != 0 ? REFUSED : Encoding.UNTYPED, data);
    }

    @Override
    public boolean writes(Class<?> type) {
        return isPlain(type) || type == Boolean.class || Decimals.isNumber(type);
    }

    @Override
    public EncodedValue write(Object value) {
        DataBlock data = PlainTextFormat.data(value, PlainTextFormat.Booleans.NUMBER);
        DataBlock packed = packing.pack(data);
        return packed == null ? new EncodedValue(data, 0) : new EncodedValue(packed, GZIP);
    }
}
