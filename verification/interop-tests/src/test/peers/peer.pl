# Cache::Memcached and Cache::Memcached::Fast at the end of a pipe; README.md has the protocol.
# setup: client, options (the constructor's own)

use strict;
use warnings;
use JSON::PP ();
use MIME::Base64 ();
use Encode ();

my $json = JSON::PP->new->utf8->canonical;
my ($client, $version);

# text is given to the client as UTF-8 bytes: both refuse or mangle wide characters
sub to_value {
    my ($typed) = @_;
    my ($kind, $value) = %$typed;
    return Encode::encode('UTF-8', $value) if $kind eq 'text';
    return MIME::Base64::decode_base64($value) if $kind eq 'bytes';
    return "$value" if $kind eq 'int' || $kind eq 'float';
    return $value ? 1 : 0 if $kind eq 'bool';
    return [map { to_value($_) } @$value] if $kind eq 'list';
    return {map { to_value($_->[0]) => to_value($_->[1]) } @$value} if $kind eq 'map';
    die "Perl has no $kind\n";
}

sub to_typed {
    my ($value) = @_;
    return {null => JSON::PP::true} if !defined $value;
    return {list => [map { to_typed($_) } @$value]} if ref $value eq 'ARRAY';
    return {map => [map { [to_typed($_), to_typed($value->{$_})] } sort keys %$value]} if ref $value eq 'HASH';
    my $text = eval { Encode::decode('UTF-8', my $copy = $value, Encode::FB_CROAK) };
    return defined $text ? {text => $text} : {bytes => MIME::Base64::encode_base64($value, '')};
}

my %operations = (
    open => sub {
        my ($request) = @_;
        my $setup = $request->{setup};
        my $options = $setup->{options} || {};
        # Cache::Memcached cannot take a single server with its weight
        my @servers = map { $_->[1] == 1 ? $_->[0] : $_ } @{$request->{servers}};
        if ($setup->{client} eq 'fast') {
            require Cache::Memcached::Fast;
            $client = Cache::Memcached::Fast->new({
                servers => [map { {address => $_->[0], weight => $_->[1]} } @{$request->{servers}}],
                connect_timeout => 10, io_timeout => 10, %$options});
            $version = "Cache::Memcached::Fast $Cache::Memcached::Fast::VERSION";
        } else {
            require Cache::Memcached;
            $client = Cache::Memcached->new({servers => \@servers, connect_timeout => 10, select_timeout => 10, %$options});
            $version = "Cache::Memcached $Cache::Memcached::VERSION";
        }
        return {version => $version};
    },
    set => sub {
        my ($request) = @_;
        my %failed;
        for my $item (@{$request->{items}}) {
            my ($key, $typed) = @$item;
            my $stored = eval { $client->set(Encode::encode('UTF-8', $key), to_value($typed), $request->{ttl} || 0) };
            $failed{$key} = $@ || 'not stored' if !$stored;
        }
        return {failed => \%failed};
    },
    get => sub {
        my ($request) = @_;
        my (@items, %failed);
        for my $key (@{$request->{keys}}) {
            my $value = eval { $client->get(Encode::encode('UTF-8', $key)) };
            if ($@) {
                $failed{$key} = "$@";
            } elsif (defined $value) {
                push @items, [$key, to_typed($value)];
            }
        }
        return {items => \@items, failed => \%failed};
    },
    increment => sub {
        my ($request) = @_;
        my $value = $client->incr($request->{key}, $request->{by});
        return {value => defined $value && $value ne '' ? "$value" : undef};
    },
    touch => sub {
        my ($request) = @_;
        return {unsupported => JSON::PP::true} if !$client->can('touch');
        return {done => $client->touch($request->{key}, $request->{ttl}) ? JSON::PP::true : JSON::PP::false};
    },
    delete => sub {
        my ($request) = @_;
        return {done => $client->delete($request->{key}) ? JSON::PP::true : JSON::PP::false};
    },
);

$| = 1;
while (my $line = <STDIN>) {
    my $answer = eval {
        my $request = $json->decode($line);
        $operations{$request->{op}}->($request);
    };
    $answer = {error => "$@"} if !defined $answer;
    print $json->encode($answer), "\n";
}
