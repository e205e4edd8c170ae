package redisstore_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/rueidis"

	"frontdesk/internal/clock"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/testkit"
)

// elsewhere is the same Redis as another process reaches it.
func elsewhere(t *testing.T) *redisstore.Store {
	t.Helper()
	other, err := redisstore.Open(testkit.RedisURL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	return other
}

// Six hundred callers, a hundred of them at any moment, through three connections: a hundred pass.
func TestTakeIsExactAcrossProcesses(t *testing.T) {
	t.Parallel()
	name := "test:" + t.Name()
	stores := []*redisstore.Store{elsewhere(t), elsewhere(t), elsewhere(t)}
	t.Cleanup(func() {
		if err := elsewhere(t).Delete(context.Background(), "limit:"+name); err != nil {
			t.Error(err)
		}
	})
	b := redisstore.Bucket{Name: name, Most: 100, Window: time.Hour}
	var passed atomic.Int64
	var all sync.WaitGroup
	gate := make(chan struct{}, 100) // under way at once, so that nobody runs out of patience with a slow machine
	for i := range 600 {
		all.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			wait, err := stores[i%len(stores)].Take(context.Background(), b)
			switch {
			case err != nil:
				t.Error(err)
			case wait == 0:
				passed.Add(1)
			case wait < 0 || wait > time.Hour:
				t.Errorf("told to wait %s", wait)
			}
		})
	}
	all.Wait()
	if got := passed.Load(); got != 100 {
		t.Errorf("%d of 600 passed, want exactly 100", got)
	}
}

func TestTakeCountsUnderEveryBucketOrUnderNone(t *testing.T) {
	t.Parallel()
	ctx, store := context.Background(), testkit.Redis(t)
	narrow := redisstore.Bucket{Name: "narrow", Most: 1, Window: time.Hour}
	wide := redisstore.Bucket{Name: "wide", Most: 3, Window: 2 * time.Hour}
	take := func(want bool, buckets ...redisstore.Bucket) {
		t.Helper()
		wait, err := store.Take(ctx, buckets...)
		if err != nil || (wait == 0) != want {
			t.Errorf("%v: got %s, %v; passes: want %t", buckets, wait, err, want)
		}
	}
	take(true, narrow, wide)
	for range 5 {
		take(false, wide, narrow) // the wide one is not counted while the narrow one refuses
	}
	take(true, wide)
	take(true, wide)
	take(false, wide)
	if err := store.GiveBack(ctx, wide, narrow); err != nil {
		t.Fatal(err)
	}
	take(true, wide, narrow)
	for range 3 { // never below nothing
		if err := store.GiveBack(ctx, narrow); err != nil {
			t.Fatal(err)
		}
	}
	take(true, narrow)
	take(false, narrow)
}

// What was cut off after it was counted comes again under its name and counts once.
func TestANamedOneCountsOnce(t *testing.T) {
	t.Parallel()
	ctx, store := context.Background(), testkit.Redis(t)
	b := redisstore.Bucket{Name: "named", Most: 2, Window: time.Hour}
	for _, tt := range []struct {
		member string
		passes bool
	}{{"a", true}, {"a", true}, {"b", true}, {"c", false}, {"a", true}, {"c", false}, {"n", false}} {
		if wait, err := store.TakeOnce(ctx, tt.member, b); err != nil || (wait == 0) != tt.passes {
			t.Errorf("%s: got %s, %v; passes: want %t", tt.member, wait, err, tt.passes)
		}
	}
}

// The window begins with the first, however many follow, and then opens anew.
func TestTheWindowOpensAgain(t *testing.T) {
	t.Parallel()
	ctx, store := context.Background(), testkit.Redis(t)
	b := redisstore.Bucket{Name: "short", Most: 1, Window: 300 * time.Millisecond}
	if _, err := store.Take(ctx, b); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, time.Minute, "the window opens", func() bool {
		wait, err := store.Take(ctx, b)
		if err != nil || wait > b.Window {
			t.Fatalf("got %s, %v", wait, err)
		}
		return wait == 0
	})
}

// Whoever has an IPv6 line has addresses without end: the line is counted.
func TestALineIsCountedNotItsAddresses(t *testing.T) {
	t.Parallel()
	lines := [][]string{
		{"192.0.2.7", "::ffff:192.0.2.7"}, {"192.0.2.8"}, {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::9"}, {"2001:db8:1:3::9"},
		{"fe80::1%eth0", "fe80::2"}, {""}, {"nonsense"},
	}
	var seen []string
	for _, addresses := range lines {
		name := redisstore.ByAddress(addresses[0])
		if slices.Contains(seen, name) || len(name) != 64 {
			t.Errorf("%q is counted as %q, as another is", addresses[0], name)
		}
		seen = append(seen, name)
		for _, same := range addresses {
			if redisstore.ByAddress(same) != name {
				t.Errorf("%q and %q are counted apart", addresses[0], same)
			}
		}
	}
}

// Without Redis a limiter counts alone: the limit holds within the process, the memory is bounded, and
// whoever is beyond the bound shares one count.
func TestALimiterWithoutRedisCountsAlone(t *testing.T) {
	t.Parallel()
	gone := elsewhere(t)
	gone.Close()
	l := redisstore.NewLimiter(gone, clock.System())
	passed := func(times int, name func(i int) string, most int) (n int) {
		for i := range times {
			if l.Take(context.Background(), redisstore.Bucket{Name: name(i), Most: most, Window: time.Hour}) == 0 {
				n++
			}
		}
		return n
	}
	if got := passed(50, func(int) string { return "one" }, 10); got != 10 {
		t.Errorf("%d of 50 passed, want 10", got)
	}
	const many = 30_000
	got := passed(many, func(i int) string { return fmt.Sprint("many", i) }, 5)
	if got < 9_000 || got > 11_000 {
		t.Errorf("%d of %d callers passed: the memory of a limiter is not bounded", got, many)
	}
	if got := passed(1, func(int) string { return "one" }, 10); got != 0 {
		t.Error("the first caller is forgotten")
	}
}

// A limiter finds Redis again and counts there from then on.
func TestALimiterFindsRedisAgain(t *testing.T) {
	t.Parallel()
	ctx, store := context.Background(), testkit.Redis(t)
	l := redisstore.NewLimiter(store, clock.System())
	broken := redisstore.Bucket{Name: "broken", Most: 1, Window: time.Hour}
	if err := store.Set(ctx, "limit:"+broken.Name, []byte("no bucket"), time.Hour); err != nil {
		t.Fatal(err)
	}
	if wait := l.Take(ctx, broken); wait != 0 {
		t.Errorf("told to wait %s where Redis knows nothing", wait)
	}
	good := redisstore.Bucket{Name: "good", Most: 1 << 30, Window: time.Hour}
	testkit.Eventually(t, time.Minute, "Redis is asked again", func() bool {
		l.Take(ctx, good)
		n, err := store.Client.Do(ctx, store.Client.B().Exists().Key(store.Key("limit:"+good.Name)).Build()).AsInt64()
		if err != nil {
			t.Fatal(err)
		}
		return n == 1
	})
}

// Those who come at once share trips and are counted as exactly as alone, whichever limiters they come to, under which
// buckets, and however many of them: of the narrow one ten pass in all, of the wide one a hundred, its own included.
func TestLimitersAreExactForACrowd(t *testing.T) {
	t.Parallel()
	store := testkit.Redis(t)
	limiters := []*redisstore.Limiter{redisstore.NewLimiter(store, clock.System()), redisstore.NewLimiter(store, clock.System())}
	wide := redisstore.Bucket{Name: "wide", Most: 100, Window: time.Hour}
	narrow := redisstore.Bucket{Name: "narrow", Most: 10, Window: 2 * time.Hour}
	kinds := [][]redisstore.Bucket{{narrow, wide}, {wide}, {wide, narrow}}
	var passed [3]atomic.Int64
	var all sync.WaitGroup
	for i := range 900 {
		all.Go(func() {
			kind := i / 2 % len(kinds)
			switch wait := limiters[i%2].Take(context.Background(), kinds[kind]...); {
			case wait == 0:
				passed[kind].Add(1)
			case wait < 0 || wait > 2*time.Hour:
				t.Errorf("told to wait %s", wait)
			}
		})
	}
	all.Wait()
	narrowly := passed[0].Load() + passed[2].Load()
	if narrowly > 10 || narrowly+passed[1].Load() != 100 {
		t.Errorf("%d passed the narrow one, %d in all; want at most 10, and exactly 100", narrowly, narrowly+passed[1].Load())
	}
	if wait := limiters[0].Take(context.Background(), narrow); narrowly == 10 && wait <= time.Hour {
		t.Errorf("of the narrow one: told to wait %s", wait)
	}
}

// What is broken under one caller's key is nobody else's trouble.
func TestABrokenBucketTroublesNobodyElse(t *testing.T) {
	t.Parallel()
	ctx, store := context.Background(), testkit.Redis(t)
	l := redisstore.NewLimiter(store, clock.System())
	for name, value := range map[string]string{"text": "no bucket", "words": ""} {
		if err := store.Set(ctx, "limit:"+name, []byte(value), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	good := redisstore.Bucket{Name: "good", Most: 50, Window: time.Hour}
	var passed atomic.Int64
	var all sync.WaitGroup
	for i := range 300 {
		all.Go(func() {
			b := []redisstore.Bucket{good, {Name: "text", Most: 1000, Window: time.Hour}, {Name: "words", Most: 1000, Window: time.Hour}}[i%3]
			if l.Take(ctx, b) == 0 && b == good {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if got := passed.Load(); got != 50 {
		t.Errorf("%d of 100 passed, want exactly 50", got)
	}
}

// Whoever made the trip for others and went away takes nobody's answer along.
func TestWhoLeavesTakesNobodyAlong(t *testing.T) {
	t.Parallel()
	store := testkit.Redis(t)
	l := redisstore.NewLimiter(store, clock.System())
	b := redisstore.Bucket{Name: "left", Most: 100, Window: time.Hour}
	gone, leave := context.WithCancel(context.Background())
	leave()
	var passed atomic.Int64
	var all sync.WaitGroup
	for i := range 300 {
		all.Go(func() {
			ctx := context.Background()
			if i%3 == 0 {
				ctx = gone
			}
			if l.Take(ctx, b) == 0 {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if got := passed.Load(); got != 100 {
		t.Errorf("%d of 300 passed, want exactly 100", got)
	}
}

// slow is a Redis that answers a script when everybody who is to ask has come, and counts what it is asked.
type slow struct {
	rueidis.Client
	come  <-chan struct{}
	trips atomic.Int64
}

func (s *slow) Do(ctx context.Context, cmd rueidis.Completed) rueidis.RedisResult {
	s.trips.Add(1)
	<-s.come
	return s.Client.Do(ctx, cmd)
}

// Three hundred who come while a trip is under way share the few that follow it.
func TestACrowdSharesItsTrips(t *testing.T) {
	t.Parallel()
	store, come := elsewhere(t), make(chan struct{})
	redis := &slow{Client: store.Client, come: come}
	store.Client = redis
	l := redisstore.NewLimiter(store, clock.System())
	b := redisstore.Bucket{Name: "test:" + t.Name() + fmt.Sprint(time.Now().UnixNano()), Most: 50, Window: time.Minute}
	const callers = 300
	var passed, here atomic.Int64
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			if here.Add(1) == callers {
				close(come)
			}
			if l.Take(context.Background(), b) == 0 {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if got := passed.Load(); got != 50 {
		t.Errorf("%d of %d passed, want exactly 50", got, callers)
	}
	if got := redis.trips.Load(); got > callers/3 {
		t.Errorf("%d trips for %d callers", got, callers)
	}
}
