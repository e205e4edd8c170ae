package staff

import (
	"context"
	"fmt"
	"strconv"

	"github.com/redis/rueidis"

	"frontdesk/internal/fault"
)

// reserveScript counts an attempt against the account and the address in one step, so that a burst
// of parallel guesses cannot slip past the limit. It answers 0, or the seconds to wait.
var reserveScript = rueidis.NewLuaScript(`
for i = 1, 2 do
  if tonumber(redis.call('GET', KEYS[i]) or '0') >= tonumber(ARGV[i]) then
    return math.max(1, redis.call('TTL', KEYS[i]))
  end
end
for i = 1, 2 do
  if redis.call('INCR', KEYS[i]) == 1 then redis.call('EXPIRE', KEYS[i], ARGV[3]) end
end
return 0`)

// giveBackScript takes a successful attempt off again: successes never count.
var giveBackScript = rueidis.NewLuaScript(`
for i = 1, 2 do
  if tonumber(redis.call('GET', KEYS[i]) or '0') > 0 then redis.call('DECR', KEYS[i]) end
end
return 0`)

func (r *Roster) limitKeys(a Attempt) []string {
	return []string{
		r.redis.Key("limit:login:account:" + digest(a.Email)),
		r.redis.Key("limit:login:address:" + digest(a.Address)),
	}
}

func (r *Roster) reserve(ctx context.Context, a Attempt) error {
	args := []string{strconv.Itoa(r.perAccount), strconv.Itoa(r.perAddress), strconv.Itoa(int(r.window.Seconds()))}
	wait, err := reserveScript.Exec(ctx, r.redis.Client, r.limitKeys(a), args).AsInt64()
	if err != nil {
		return fault.Unavailable("error.unavailable", fmt.Errorf("count login: %w", err))
	}
	if wait > 0 {
		return fault.TooMany("staff.too_many", int(wait))
	}
	return nil
}

func (r *Roster) giveBack(ctx context.Context, a Attempt) error {
	if err := giveBackScript.Exec(ctx, r.redis.Client, r.limitKeys(a), nil).Error(); err != nil {
		return fault.Unavailable("error.unavailable", fmt.Errorf("uncount login: %w", err))
	}
	return nil
}
