package staff

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/rueidis"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// How Redis keeps sessions: each under the digest of its id, and per person a set of these digests.

// keepScript writes a session and its place in the person's set in one step.
var keepScript = rueidis.NewLuaScript(`
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SADD', KEYS[2], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return 1`)

// replaceScript gives a session a new id. It answers 0 when the old one has ended meanwhile.
var replaceScript = rueidis.NewLuaScript(`
if redis.call('DEL', KEYS[1]) == 0 then return 0 end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
redis.call('SREM', KEYS[3], ARGV[3])
redis.call('SADD', KEYS[3], ARGV[4])
return 1`)

// forgetScript ends a session. It answers how many there were.
var forgetScript = rueidis.NewLuaScript(`
redis.call('SREM', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1])`)

func sessionKey(key string) string        { return "session:" + key }
func sessionsKey(id models.ID) string     { return "sessions:" + id.String() }
func handle(key string) string            { return key[:24] }
func unavailable(err error) error         { return fault.Unavailable("error.unavailable", err) }
func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// stored reads the session of a digest; ok is false when it ended.
func (r *Roster) stored(ctx context.Context, key string) (storedSession, bool, error) {
	raw, err := r.redis.Get(ctx, sessionKey(key))
	if err != nil {
		return storedSession{}, false, unavailable(err)
	}
	if raw == nil {
		return storedSession{}, false, nil
	}
	return r.decode(raw)
}

// life is how long a session may still live.
func (r *Roster) life(s storedSession) time.Duration {
	return min(r.idle+r.touchInterval, r.absolute-s.Seen.Sub(s.Opened))
}

// keep writes a new session for as long as it may live; one at its very end is forgotten, for the
// store counts in milliseconds and refuses a life of none.
func (r *Roster) keep(ctx context.Context, key string, s storedSession) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	if r.life(s) < time.Millisecond {
		_, err := r.forget(ctx, s.StaffID, key)
		return err
	}
	keys := []string{r.redis.Key(sessionKey(key)), r.redis.Key(sessionsKey(s.StaffID))}
	args := []string{string(raw), milliseconds(r.life(s)), key, milliseconds(max(r.absolute, time.Millisecond))}
	if err := keepScript.Exec(ctx, r.redis.Client, keys, args).Error(); err != nil {
		return unavailable(fmt.Errorf("keep session: %w", err))
	}
	return nil
}

// rewrite writes a session that is still there: one that was ended meanwhile stays ended.
func (r *Roster) rewrite(ctx context.Context, key string, s storedSession) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	if r.life(s) < time.Millisecond {
		_, err := r.forget(ctx, s.StaffID, key)
		return err
	}
	b := r.redis.Client.B()
	cmd := b.Set().Key(r.redis.Key(sessionKey(key))).Value(rueidis.BinaryString(raw)).Xx().Px(r.life(s)).Build()
	if err := r.redis.Client.Do(ctx, cmd).Error(); err != nil && !rueidis.IsRedisNil(err) {
		return unavailable(fmt.Errorf("keep session: %w", err))
	}
	return nil
}

// replace moves a session to a new id; ok is false when it has ended meanwhile.
func (r *Roster) replace(ctx context.Context, old, key string, s storedSession) (ok bool, err error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return false, fmt.Errorf("encode session: %w", err)
	}
	if r.life(s) < time.Millisecond {
		_, err := r.forget(ctx, s.StaffID, old)
		return false, err
	}
	keys := []string{r.redis.Key(sessionKey(old)), r.redis.Key(sessionKey(key)), r.redis.Key(sessionsKey(s.StaffID))}
	n, err := replaceScript.Exec(ctx, r.redis.Client, keys, []string{string(raw), milliseconds(r.life(s)), old, key}).AsInt64()
	if err != nil {
		return false, unavailable(fmt.Errorf("rotate session: %w", err))
	}
	return n == 1, nil
}

// forget ends a session; ended is false when there was none.
func (r *Roster) forget(ctx context.Context, id models.ID, key string) (ended bool, err error) {
	keys := []string{r.redis.Key(sessionKey(key)), r.redis.Key(sessionsKey(id))}
	n, err := forgetScript.Exec(ctx, r.redis.Client, keys, []string{key}).AsInt64()
	if err != nil {
		return false, unavailable(fmt.Errorf("end session: %w", err))
	}
	return n > 0, nil
}

// index lists the digests of a person's sessions; some may have ended.
func (r *Roster) index(ctx context.Context, id models.ID) ([]string, error) {
	cmd := r.redis.Client.B().Smembers().Key(r.redis.Key(sessionsKey(id))).Build()
	keys, err := r.redis.Client.Do(ctx, cmd).AsStrSlice()
	if err != nil {
		return nil, unavailable(fmt.Errorf("list sessions: %w", err))
	}
	return keys, nil
}

// afterCommit tidies Redis once the transaction stands. It is best effort: what decides is in Postgres.
func (r *Roster) afterCommit(ctx context.Context, tidy func(context.Context) error) {
	database.AfterCommit(ctx, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		_ = tidy(ctx) // a session that stays behind belongs to a past epoch and opens nothing
	})
}
