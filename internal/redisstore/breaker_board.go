package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"
)

// BreakerState is what a breaker does with calls.
type BreakerState string

// States of breakers. Tripped is open until staff release it.
const (
	BreakerClosed  BreakerState = "closed"
	BreakerOpen    BreakerState = "open"
	BreakerTripped BreakerState = "tripped"
)

// BreakerChange is what calls have just made of a breaker.
type BreakerChange struct {
	Name  string
	State BreakerState
	Code  string // the failure that opened it
}

// BreakerView is what is known of a provider.
type BreakerView struct {
	Name     string
	State    BreakerState
	Since    time.Time // of the state; zero: always
	Until    time.Time // open: when one call is let through to see
	Failures int       // in a row
	Code     string    // of the last failure
	FailedAt time.Time // zero: never
	Actor    string    // who tripped it
	OKAt     time.Time // the last answer that was noted, within tellEvery; zero: none
	Took     time.Duration
}

// board is a breaker's state in Redis. All times that decide are Redis' own: processes need not agree on one.
type board struct {
	redis   *Store
	name    string
	terms   BreakerTerms
	changed func(context.Context, BreakerChange)

	failed atomic.Bool // a failure of this process stands in Redis, of which it may not have heard from there yet
}

const (
	// boardPatience is how long a call to a provider may be held up by Redis.
	boardPatience = 250 * time.Millisecond
	// boardCache bounds how long a process believes what it read; Redis tells it of changes before.
	boardCache = 10 * time.Second
	// probeLease is how long one call that sees whether a provider is back keeps others from it.
	probeLease = 30 * time.Second
	// boardLife is how long something is remembered of a provider that nobody calls.
	boardLife = 30 * 24 * time.Hour
)

// now gives each script the milliseconds of Redis' clock, and s the state's fields.
const scriptHead = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local s = redis.call('HMGET', KEYS[1], 'state', 'until', 'probe')
local function put(...) redis.call('HSET', KEYS[1], ...); redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
`

// allowScript answers 1: call; 2: call, to see whether it is back; 0: do not.
var allowScript = rueidis.NewLuaScript(scriptHead + `
if s[1] == 'tripped' then return 0 end
if s[1] ~= 'open' then return 1 end
if now < tonumber(s[2] or 0) or now < tonumber(s[3] or 0) then return 0 end
put('probe', now + ARGV[2])
return 2`)

// failScript counts a failure and answers 1 where that opened the breaker.
var failScript = rueidis.NewLuaScript(scriptHead + `
local n = redis.call('HINCRBY', KEYS[1], 'n', 1)
put('code', ARGV[2], 'failed', now)
if s[1] == 'tripped' then return 0 end
if s[1] == 'open' then
  if ARGV[5] == '1' then put('until', now + ARGV[4], 'probe', 0) end
  return 0
end
if n < tonumber(ARGV[3]) then return 0 end
put('state', 'open', 'since', now, 'until', now + ARGV[4], 'probe', 0, 'actor', '')
return 1`)

// healScript ends a row of failures and answers 1 where that closed the breaker. Only the call that was let through to see closes it:
// one from before it opened tells nothing.
var healScript = rueidis.NewLuaScript(scriptHead + `
if s[1] == 'tripped' then return 0 end
if s[1] == 'open' then
  if ARGV[2] ~= '1' then return 0 end
  put('state', 'closed', 'since', now, 'until', 0, 'probe', 0, 'n', 0)
  return 1
end
put('n', 0)
return 0`)

// leaveScript lets the next call see instead of one that was given up.
var leaveScript = rueidis.NewLuaScript(scriptHead + `
if s[1] == 'open' then put('probe', 0) end
return 0`)

// setScript is an act of staff; it answers 1 where it changed something.
var setScript = rueidis.NewLuaScript(scriptHead + `
if (s[1] or 'closed') == ARGV[2] then return 0 end
put('state', ARGV[2], 'since', now, 'until', 0, 'probe', 0, 'n', 0, 'actor', ARGV[3])
return 1`)

func (b *board) key() string { return b.redis.Key("breaker:" + b.name) }

func (b *board) run(ctx context.Context, script *rueidis.Lua, args ...string) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, boardPatience)
	defer cancel()
	args = append([]string{strconv.FormatInt(boardLife.Milliseconds(), 10)}, args...)
	n, err := script.Exec(ctx, b.redis.Client, []string{b.key()}, args).AsInt64()
	if err != nil {
		return 0, fmt.Errorf("ask breaker %s: %w", b.name, err)
	}
	return n, nil
}

// pass lets one call through.
type pass struct {
	probe bool // it sees whether the provider is back
	clean bool // nothing had failed before
}

// allow asks whether a call may begin. Errors: ErrOpen, and where Redis cannot tell.
func (b *board) allow(ctx context.Context) (pass, error) {
	bounded, cancel := context.WithTimeout(ctx, boardPatience)
	defer cancel()
	get := b.redis.Client.B().Hmget().Key(b.key()).Field("state", "n").Cache()
	had, err := b.redis.Client.DoCache(bounded, get, boardCache).ToArray()
	if err != nil || len(had) != 2 {
		return pass{}, errors.Join(fmt.Errorf("ask breaker %s", b.name), err)
	}
	state, n := word(had[0]), word(had[1])
	if state == "" || state == string(BreakerClosed) {
		return pass{clean: n == "" || n == "0"}, nil
	}
	switch may, err := b.run(ctx, allowScript, strconv.FormatInt(probeLease.Milliseconds(), 10)); {
	case err != nil:
		return pass{}, err
	case may == 0:
		return pass{}, ErrOpen
	default:
		return pass{probe: may == 2}, nil
	}
}

// word is a field's text; empty where there is none.
func word(m rueidis.RedisMessage) string {
	text, err := m.ToString()
	if err != nil {
		return ""
	}
	return text
}

// over counts what became of a call. Best effort: what Redis misses, the next call tells it.
func (b *board) over(ctx context.Context, p pass, verdict string) {
	probe := "0"
	if p.probe {
		probe = "1"
	}
	switch {
	case verdict == unheard && !p.probe, verdict == "" && p.clean && !b.failed.Load():
	case verdict == "":
		b.failed.Store(false)
		if closed, err := b.run(ctx, healScript, probe); err == nil && closed == 1 {
			b.changed(ctx, BreakerChange{Name: b.name, State: BreakerClosed})
		}
	case verdict == unheard:
		_, _ = b.run(ctx, leaveScript) // else the lease ends by itself
	default:
		b.failed.Store(true)
		opened, err := b.run(ctx, failScript, verdict, strconv.FormatUint(uint64(b.terms.Failures), 10), strconv.FormatInt(b.terms.Pause.Milliseconds(), 10), probe)
		if err == nil && opened == 1 {
			b.changed(ctx, BreakerChange{Name: b.name, State: BreakerOpen, Code: verdict})
		}
	}
}

// answered notes that the provider answered, and how fast. It stands apart: what every process reads must not change for it.
func (b *board) answered(ctx context.Context, took time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, boardPatience)
	defer cancel()
	c := b.redis.Client
	key := b.key() + ":answers"
	c.DoMulti(ctx, // best effort
		c.B().Hset().Key(key).FieldValue().FieldValue("at", strconv.FormatInt(time.Now().UnixMilli(), 10)).FieldValue("took", strconv.FormatInt(took.Microseconds(), 10)).Build(),
		c.B().Pexpire().Key(key).Milliseconds(boardLife.Milliseconds()).Build())
}

// Trip keeps every process from the provider until Release; false: it was tripped already. It fails without Redis, and for a breaker
// that is not shared. Whoever trips it writes down that they did.
func (b *Breaker) Trip(ctx context.Context, actor string) (bool, error) {
	return b.set(ctx, BreakerTripped, actor)
}

// Release closes the breaker whatever opened it; false: it was closed. Errors as of Trip.
func (b *Breaker) Release(ctx context.Context, actor string) (bool, error) {
	return b.set(ctx, BreakerClosed, actor)
}

func (b *Breaker) set(ctx context.Context, state BreakerState, actor string) (bool, error) {
	if b.board == nil {
		return false, errors.New("the breaker is of one process alone")
	}
	n, err := b.board.run(ctx, setScript, string(state), actor)
	return n == 1, err
}

// View tells what is known of the provider, by all processes. It fails without Redis, and for a breaker that is not shared.
func (b *Breaker) View(ctx context.Context) (BreakerView, error) {
	v := BreakerView{Name: b.name, State: BreakerClosed}
	if b.board == nil {
		return v, errors.New("the breaker is of one process alone")
	}
	c := b.board.redis.Client
	ctx, cancel := context.WithTimeout(ctx, boardPatience)
	defer cancel()
	got := c.DoMulti(ctx, c.B().Hgetall().Key(b.board.key()).Build(), c.B().Hgetall().Key(b.board.key()+":answers").Build())
	state, err := got[0].AsStrMap()
	if err != nil {
		return v, fmt.Errorf("read breaker %s: %w", b.name, err)
	}
	answers, err := got[1].AsStrMap()
	if err != nil {
		return v, fmt.Errorf("read breaker %s: %w", b.name, err)
	}
	if s := state["state"]; s != "" {
		v.State = BreakerState(s)
	}
	v.Since, v.Until, v.FailedAt, v.OKAt = instant(state["since"]), instant(state["until"]), instant(state["failed"]), instant(answers["at"])
	v.Code, v.Actor = state["code"], state["actor"]
	v.Failures = int(number(state["n"]))
	v.Took = time.Duration(number(answers["took"])) * time.Microsecond
	return v, nil
}

// number reads what a script wrote; what is none is 0.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func instant(milliseconds string) time.Time {
	n := number(milliseconds)
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}
