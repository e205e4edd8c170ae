package staff

import (
	"context"

	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/models"
)

// passwordLimits bound guesses at a password: of the account, and from the address.
func (r *Roster) passwordLimits(a Attempt) []redisstore.Bucket {
	return []redisstore.Bucket{
		{Name: "login:account:" + digest(a.Email), Most: r.perAccount, Window: r.window},
		{Name: "login:address:" + redisstore.ByAddress(a.Address), Most: r.perAddress, Window: r.window},
	}
}

// proofLimits bound guesses of somebody who already came as far as a password or a session.
func (r *Roster) proofLimits(id models.ID) []redisstore.Bucket {
	return []redisstore.Bucket{{Name: "proof:" + id.String(), Most: r.perAccount, Window: r.window}}
}

// reserve counts an attempt before it is looked at: a burst of parallel guesses cannot slip past. Nobody
// guesses uncounted, so that without Redis nobody signs in. Faults: staff.too_many, error.unavailable.
func (r *Roster) reserve(ctx context.Context, limits []redisstore.Bucket) error {
	wait, err := r.redis.Take(ctx, limits...)
	if err != nil {
		return fault.Unavailable("error.unavailable", err)
	}
	if wait > 0 {
		return fault.TooMany("staff.too_many", wait)
	}
	return nil
}

// giveBack takes a successful attempt off again: successes never count.
func (r *Roster) giveBack(ctx context.Context, limits []redisstore.Bucket) error {
	if err := r.redis.GiveBack(ctx, limits...); err != nil {
		return fault.Unavailable("error.unavailable", err)
	}
	return nil
}
