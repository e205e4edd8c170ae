package redisstore

import (
	"context"
	"errors"
	"time"

	"github.com/redis/rueidis"
	"github.com/sony/gobreaker/v2"
)

const (
	// patience is how long one command may take, and connecting likewise. Nothing here is worth more:
	// what is kept may be lost.
	patience = 2 * time.Second
	// tries is how often a read is repeated on a broken connection, such as one left from before Redis
	// was started again.
	tries = 3
	// silentFor is how long nobody is asked once Redis has failed failuresInARow times: whoever waits for
	// an answer to a customer must not pay the patience for every command.
	silentFor      = 500 * time.Millisecond
	failuresInARow = 3
)

// guarded bounds commands in time and spares callers the wait while Redis is away. Subscriptions pass
// it by: they wait on purpose.
type guarded struct {
	rueidis.Client
	fuse *gobreaker.TwoStepCircuitBreaker[any]
}

func newFuse() *gobreaker.TwoStepCircuitBreaker[any] {
	return gobreaker.NewTwoStepCircuitBreaker[any](gobreaker.Settings{
		Name: "redis", Timeout: silentFor,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= failuresInARow },
		// What Redis answers is an answer, be it "nothing" or an error, unless it says that it cannot serve
		// anybody now.
		IsSuccessful: func(err error) bool {
			answer, answered := rueidis.IsRedisErr(err)
			return err == nil || rueidis.IsRedisNil(err) || answered && !answer.IsLoading()
		},
		IsExcluded: func(err error) bool { return errors.Is(err, errCaller) },
	})
}

// Do runs one command.
func (g *guarded) Do(ctx context.Context, cmd rueidis.Completed) rueidis.RedisResult {
	done, err := g.fuse.Allow()
	if err != nil {
		return rueidis.NewErrorResult(err)
	}
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	result := g.Client.Do(bounded, cmd)
	done(verdict(ctx, result.Error()))
	return result
}

// DoCache reads, out of this process's memory where it holds the answer still.
func (g *guarded) DoCache(ctx context.Context, cmd rueidis.Cacheable, life time.Duration) rueidis.RedisResult {
	done, err := g.fuse.Allow()
	if err != nil {
		return rueidis.NewErrorResult(err)
	}
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	result := g.Client.DoCache(bounded, cmd, life)
	done(verdict(ctx, result.Error()))
	return result
}

// DoMulti runs several commands.
func (g *guarded) DoMulti(ctx context.Context, cmds ...rueidis.Completed) []rueidis.RedisResult {
	done, err := g.fuse.Allow()
	if err != nil {
		results := make([]rueidis.RedisResult, len(cmds))
		for i := range results {
			results[i] = rueidis.NewErrorResult(err)
		}
		return results
	}
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	results := g.Client.DoMulti(bounded, cmds...)
	for _, r := range results {
		if err = r.NonRedisError(); err != nil {
			break
		}
	}
	done(verdict(ctx, err))
	return results
}

// errCaller stands for a caller who did not wait: that tells nothing about Redis.
var errCaller = errors.New("the caller went away")

func verdict(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errCaller
	}
	return err
}

// again is the pause before a read is repeated; negative: it is not.
func again(attempts int, _ rueidis.Completed, _ error) time.Duration {
	if attempts >= tries {
		return -1
	}
	return time.Millisecond << attempts
}
