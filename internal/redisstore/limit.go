package redisstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"github.com/redis/rueidis"
)

// Bucket is one limit: at most Most may be counted under Name within Window of the first of them. The
// window is machine time of Redis, the same for every process; it opens anew when it is over, so that a
// caller may use up two of them around one edge.
type Bucket struct {
	Name   string // nothing personal in clear: see ByAddress
	Most   int
	Window time.Duration
}

// limitPrefix starts the key of every bucket.
const limitPrefix = "limit:"

// takeScript counts one under every key or, when one of them is full, under none, in one step: no burst
// slips past between reading and counting. A member that was counted before passes and is not counted
// again. It answers 0, or the milliseconds until the full window opens.
//
// A bucket is a hash: "n" is the count, "m" and its name a member.
var takeScript = rueidis.NewLuaScript(`
local member = ARGV[1] ~= '' and 'm' .. ARGV[1]
local fresh = {}
for i, key in ipairs(KEYS) do
  fresh[i] = not member or redis.call('HEXISTS', key, member) == 0
  if fresh[i] and tonumber(redis.call('HGET', key, 'n') or '0') >= tonumber(ARGV[2 * i]) then
    return math.max(1, redis.call('PTTL', key))
  end
end
for i, key in ipairs(KEYS) do
  if fresh[i] then
    redis.call('HINCRBY', key, 'n', 1)
    if member then redis.call('HSET', key, member, '') end
    if redis.call('PTTL', key) < 0 then redis.call('PEXPIRE', key, ARGV[2 * i + 1]) end
  end
end
return 0`)

// giveBackScript takes one off again.
var giveBackScript = rueidis.NewLuaScript(`
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('HGET', key, 'n') or '0') > 0 then redis.call('HINCRBY', key, 'n', -1) end
end
return 0`)

// Take counts one under every bucket, or under none when one of them is full: then wait is how long
// until it opens, never zero. It is exact across processes. An error means that nothing is known, not that
// the caller is over a limit.
func (s *Store) Take(ctx context.Context, buckets ...Bucket) (wait time.Duration, err error) {
	return s.TakeOnce(ctx, "", buckets...)
}

// TakeOnce is Take of something that has a name: within a window it counts once however often it comes,
// and having been counted it passes. What was begun and cut off may so begin again.
func (s *Store) TakeOnce(ctx context.Context, member string, buckets ...Bucket) (wait time.Duration, err error) {
	args := make([]string, 1, 1+2*len(buckets))
	args[0] = member
	for _, b := range buckets {
		args = append(args, b.args()...)
	}
	ms, err := takeScript.Exec(ctx, s.Client, s.bucketKeys(buckets), args).AsInt64()
	if err != nil {
		return 0, fmt.Errorf("count in redis: %w", err)
	}
	return time.Duration(ms) * time.Millisecond, nil
}

// GiveBack takes off again what Take counted: for limits that count failures only, and count them before
// they are known.
func (s *Store) GiveBack(ctx context.Context, buckets ...Bucket) error {
	if err := giveBackScript.Exec(ctx, s.Client, s.bucketKeys(buckets), nil).Error(); err != nil {
		return fmt.Errorf("uncount in redis: %w", err)
	}
	return nil
}

// args are what a script is told of a bucket.
func (b Bucket) args() []string {
	return []string{strconv.Itoa(b.Most), strconv.FormatInt(b.Window.Milliseconds(), 10)}
}

func (s *Store) bucketKeys(buckets []Bucket) []string {
	keys := make([]string, len(buckets))
	for i, b := range buckets {
		keys[i] = s.Key(limitPrefix + b.Name)
	}
	return keys
}

// ByAddress is the name a caller's address is counted under, digested. Of IPv6 it is the half that a line
// is given, for its holder chooses the other half at will.
func ByAddress(address string) string {
	sum := sha256.Sum256([]byte(line(address)))
	return hex.EncodeToString(sum[:])
}

func line(address string) string {
	at, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if at = at.Unmap(); at.Is4() {
		return at.String()
	}
	return netip.PrefixFrom(at.WithZone(""), 64).Masked().String()
}
