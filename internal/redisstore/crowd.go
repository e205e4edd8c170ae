package redisstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/redis/rueidis"
)

// takeEachScript is takeScript for groups of callers who come at once, one group after the other, in one step. Of each
// group it is told how many callers ask and how many buckets are theirs, and of each bucket what it holds and for how
// long. Of each it answers how many pass, and the milliseconds that the others have to wait. -1 pass where what stands
// under a key is no bucket: that is no other group's trouble.
var takeEachScript = rueidis.NewLuaScript(`
local out, k, a = {}, 1, 1
while a <= #ARGV do
  local pass, buckets, full = tonumber(ARGV[a]), tonumber(ARGV[a + 1]), nil
  for i = 0, buckets - 1 do
    local had = tonumber(redis.pcall('HGET', KEYS[k + i], 'n') or 0)
    if not had then
      pass, full = -1, nil
      break
    end
    local left = math.max(0, tonumber(ARGV[a + 2 + 2 * i]) - had)
    if left < pass then pass, full = left, KEYS[k + i] end
  end
  if pass > 0 then
    for i = 0, buckets - 1 do
      redis.call('HINCRBY', KEYS[k + i], 'n', pass)
      if redis.call('PTTL', KEYS[k + i]) < 0 then redis.call('PEXPIRE', KEYS[k + i], ARGV[a + 3 + 2 * i]) end
    end
  end
  out[#out + 1], out[#out + 2] = pass, full and math.max(1, redis.call('PTTL', full)) or 0
  k, a = k + buckets, a + 2 + 2 * buckets
end
return out`)

// together is how long those who come at once wait for the trip under way. One that takes longer does not hold up the
// next: Redis is slow, and whoever waits must not wait for two.
const together = 2 * time.Millisecond

// crowd counts for callers who come at once in one trip, each as exactly as alone. Safe for concurrent use.
type crowd struct {
	redis *Store

	mu     sync.Mutex
	next   *trip         // not begun: whoever comes joins it
	latest chan struct{} // closed when the latest trip is over; nil: none is under way
}

// trip counts for everybody who joined before it began; told and err stand once done is closed.
type trip struct {
	groups []group
	done   chan struct{}
	told   []int64 // two figures of each group: see takeEachScript
	err    error
}

// group are callers who came one after the other and are counted under the same buckets.
type group struct {
	buckets []Bucket
	callers int
}

// seat is where a caller is on a trip.
type seat struct{ group, place int }

// take is Store.Take.
func (c *crowd) take(ctx context.Context, buckets []Bucket) (wait time.Duration, err error) {
	t, at := c.join(ctx, buckets)
	<-t.done
	if t.err != nil {
		return 0, t.err
	}
	pass, wait := int(t.told[2*at.group]), time.Duration(t.told[2*at.group+1])*time.Millisecond
	switch {
	case pass < 0:
		return 0, errors.New("count in redis: what stands there is no bucket")
	case at.place < pass:
		return 0, nil
	}
	return wait, nil
}

// join puts a caller on the next trip, and makes that trip when nobody does yet.
func (c *crowd) join(ctx context.Context, buckets []Bucket) (t *trip, at seat) {
	c.mu.Lock()
	if t = c.next; t != nil {
		at = t.add(buckets)
		c.mu.Unlock()
		return t, at
	}
	t = &trip{done: make(chan struct{}), err: errors.New("count in redis: not answered")}
	at = t.add(buckets)
	before := c.latest
	if before != nil {
		c.next = t
		c.mu.Unlock()
		late := time.NewTimer(together)
		select {
		case <-before:
		case <-late.C:
		}
		late.Stop()
		c.mu.Lock()
		c.next = nil
	}
	c.latest = t.done
	c.mu.Unlock()
	defer c.over(t)
	t.make(context.WithoutCancel(ctx), c.redis) // the others are there still when this caller goes away
	return t, at
}

// over lets everybody have what the trip brought.
func (c *crowd) over(t *trip) {
	c.mu.Lock()
	if c.latest == t.done {
		c.latest = nil
	}
	c.mu.Unlock()
	close(t.done)
}

// add is for a trip that has not begun.
func (t *trip) add(buckets []Bucket) seat {
	last := len(t.groups) - 1
	if last < 0 || !slices.Equal(t.groups[last].buckets, buckets) {
		t.groups = append(t.groups, group{buckets: buckets})
		last++
	}
	t.groups[last].callers++
	return seat{last, t.groups[last].callers - 1}
}

func (t *trip) make(ctx context.Context, redis *Store) {
	var keys, args []string
	for _, g := range t.groups {
		keys = append(keys, redis.bucketKeys(g.buckets)...)
		args = append(args, strconv.Itoa(g.callers), strconv.Itoa(len(g.buckets)))
		for _, b := range g.buckets {
			args = append(args, b.args()...)
		}
	}
	t.told, t.err = takeEachScript.Exec(ctx, redis.Client, keys, args).AsIntSlice()
	if t.err == nil && len(t.told) != 2*len(t.groups) {
		t.err = fmt.Errorf("told %d figures of %d groups", len(t.told), len(t.groups))
	}
	if t.err != nil {
		t.err = fmt.Errorf("count in redis: %w", t.err)
	}
}
