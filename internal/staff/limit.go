package staff

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"

	"github.com/redis/rueidis"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// limit bounds the failures that may be counted under a key within the window.
type limit struct {
	key  string
	most int
}

// reserveScript counts an attempt under every key in one step, so that a burst of parallel guesses
// cannot slip past a limit. It answers 0, or the seconds to wait.
var reserveScript = rueidis.NewLuaScript(`
for i = 1, #KEYS do
  if tonumber(redis.call('GET', KEYS[i]) or '0') >= tonumber(ARGV[i + 1]) then
    return math.max(1, redis.call('TTL', KEYS[i]))
  end
end
for i = 1, #KEYS do
  if redis.call('INCR', KEYS[i]) == 1 then redis.call('EXPIRE', KEYS[i], ARGV[1]) end
end
return 0`)

// giveBackScript takes a successful attempt off again: successes never count.
var giveBackScript = rueidis.NewLuaScript(`
for i = 1, #KEYS do
  if tonumber(redis.call('GET', KEYS[i]) or '0') > 0 then redis.call('DECR', KEYS[i]) end
end
return 0`)

// passwordLimits bound guesses at a password: of the account, and from the address.
func (r *Roster) passwordLimits(a Attempt) []limit {
	return []limit{
		{r.redis.Key("limit:login:account:" + digest(a.Email)), r.perAccount},
		{r.redis.Key("limit:login:address:" + digest(network(a.Address))), r.perAddress},
	}
}

// network is what an address is counted as: of IPv6 the half that a line is given, for its holder chooses
// the other half at will.
func network(address string) string {
	at, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if at = at.Unmap(); at.Is4() {
		return at.String()
	}
	return netip.PrefixFrom(at.WithZone(""), 64).Masked().String()
}

// proofLimits bound guesses of somebody who already came as far as a password or a session.
func (r *Roster) proofLimits(id models.ID) []limit {
	return []limit{{r.redis.Key("limit:proof:" + id.String()), r.perAccount}}
}

// reserve counts an attempt before it is looked at. Fault: staff.too_many.
func (r *Roster) reserve(ctx context.Context, limits []limit) error {
	keys, args := keysOf(limits), []string{strconv.Itoa(int(r.window.Seconds()))}
	for _, l := range limits {
		args = append(args, strconv.Itoa(l.most))
	}
	wait, err := reserveScript.Exec(ctx, r.redis.Client, keys, args).AsInt64()
	if err != nil {
		return fault.Unavailable("error.unavailable", fmt.Errorf("count attempt: %w", err))
	}
	if wait > 0 {
		return fault.TooMany("staff.too_many", int(wait))
	}
	return nil
}

func (r *Roster) giveBack(ctx context.Context, limits []limit) error {
	if err := giveBackScript.Exec(ctx, r.redis.Client, keysOf(limits), nil).Error(); err != nil {
		return fault.Unavailable("error.unavailable", fmt.Errorf("uncount attempt: %w", err))
	}
	return nil
}

func keysOf(limits []limit) []string {
	keys := make([]string, len(limits))
	for i, l := range limits {
		keys[i] = l.key
	}
	return keys
}
