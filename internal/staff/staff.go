// Package staff owns who may come in and what they may do: accounts and invitations, passwords and
// second factors, sign-in and its limits, sessions, bearer tokens, and the role policy of the console.
// Times here are machine time. It must never keep a password, a session id or a token in clear, log an
// e-mail address, or tell a stranger whether an account exists.
package staff

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/go-webauthn/webauthn/webauthn"

	"frontdesk/internal/audit"
	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
	"frontdesk/models"
)

// Roster knows the salon's people. Safe for concurrent use.
type Roster struct {
	db     *database.DB
	redis  *redisstore.Store
	clock  clock.Clock
	log    *audit.Log
	policy *policy
	seals  seals
	party  *webauthn.WebAuthn
	leaked func() ([]string, error) // the passwords nobody may take, sorted; unpacked at first use
	rules
	decoy string        // a hash nobody's password matches: an unknown e-mail costs the same time
	gate  chan struct{} // bounds the memory that simultaneous password checks may take
}

// rules are the figures of signing in.
type rules struct {
	hash          argon2id.Params
	idle          time.Duration // a session ends this long after its last request
	absolute      time.Duration // and this long after sign-in, whatever happens
	tokenLife     time.Duration
	window        time.Duration // failures are counted over this long
	perAccount    int           // failures
	perAddress    int
	adminToken    string
	touchInterval time.Duration // how often a session's idle time is written back
	// factorsRequired: sensitive roles may do nothing without a second factor.
	factorsRequired bool
	sealing         string // what the key for shared secrets is derived from
	base            string // the address people reach the console at
	salon           string // what the salon is called
}

// Option changes a rule of the roster.
type Option func(*rules)

// WithHash sets the cost of password hashes; tests use a cheap one.
func WithHash(p argon2id.Params) Option { return func(r *rules) { r.hash = p } }

// WithLifetimes sets how long sessions live without a request, and at most. Short ones are watched to the
// request, others to the minute.
func WithLifetimes(idle, absolute time.Duration) Option {
	return func(r *rules) {
		r.idle, r.absolute = idle, absolute
		if min(idle, absolute) < 10*r.touchInterval {
			r.touchInterval = 0
		}
	}
}

// WithAdminToken sets the token of scripts. Without one no script comes in (R-1102).
func WithAdminToken(token string) Option { return func(r *rules) { r.adminToken = token } }

// WithFactorsRequired lets sensitive roles do nothing before they have a second factor.
func WithFactorsRequired(required bool) Option {
	return func(r *rules) { r.factorsRequired = required }
}

// WithSealing sets the passphrase that the secrets of authenticator apps are sealed with. Without one
// they do not outlive the process.
func WithSealing(passphrase string) Option { return func(r *rules) { r.sealing = passphrase } }

// WithBaseURL sets the address people reach the console at; passkeys belong to its host name. Without
// one it is this machine.
func WithBaseURL(base string) Option {
	return func(r *rules) { r.base = cmp.Or(base, r.base) }
}

// WithSalon sets what the salon is called: authenticator apps show it, passwords may not be made of it.
func WithSalon(name string) Option { return func(r *rules) { r.salon = name } }

// CheapHash is a password hash cost for tests, far too low for people's passwords.
func CheapHash() argon2id.Params {
	return argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// New makes a roster. It fails when the embedded policy cannot be read or the address is none.
func New(db *database.DB, redis *redisstore.Store, c clock.Clock, log *audit.Log, opts ...Option) (*Roster, error) {
	policy, err := loadPolicy()
	if err != nil {
		return nil, err
	}
	r := &Roster{db: db, redis: redis, clock: c, log: log, policy: policy, rules: rules{
		// About 50 ms on one core of a small server.
		hash: argon2id.Params{Memory: 24 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		idle: 8 * time.Hour, absolute: 24 * time.Hour, tokenLife: 12 * time.Hour,
		window: 15 * time.Minute, perAccount: 5, perAddress: 30, touchInterval: time.Minute,
		base: "http://localhost",
	}}
	for _, o := range opts {
		o(&r.rules)
	}
	r.gate = make(chan struct{}, 2*runtime.NumCPU())
	r.leaked = sync.OnceValues(func() ([]string, error) { return unpackLines(leakedList) })
	if r.seals, err = newSeals(r.sealing); err != nil {
		return nil, err
	}
	if r.party, err = newRelyingParty(r.base, r.issuer()); err != nil {
		return nil, err
	}
	if r.decoy, err = argon2id.CreateHash(secret(), &r.hash); err != nil {
		return nil, fmt.Errorf("make decoy hash: %w", err)
	}
	return r, nil
}

// Principal is whoever asks: a person of the salon with their role, or the machine.
type Principal struct {
	Staff models.Staff // zero for the machine
	Role  models.Role
}

// Actor names the principal in logs of what was done: "staff:<id>", "machine", or "system" for the zero
// principal, which is the program's own command line.
func (p Principal) Actor() string {
	switch p.Role {
	case "":
		return "system"
	case models.RoleMachine:
		return "machine"
	default:
		return "staff:" + p.Staff.ID.String()
	}
}

// issuer is what authenticator apps and passkeys are listed under.
func (r *Roster) issuer() string {
	if r.salon == "" {
		return "Frontdesk"
	}
	return "Frontdesk · " + r.salon
}

// Machine recognises the admin token of scripts, or one of the two there are while it is rotated, in constant time.
func (r *Roster) Machine(token string) (Principal, bool) {
	got, known := sha256.Sum256([]byte(token)), 0
	for _, one := range strings.Split(r.adminToken, ",") { // two while one replaces the other
		if one = strings.TrimSpace(one); one != "" {
			want := sha256.Sum256([]byte(one))
			known |= subtle.ConstantTimeCompare(got[:], want[:])
		}
	}
	if known != 1 {
		return Principal{}, false
	}
	return Principal{Role: models.RoleMachine}, true
}

// person reads an account that may act now; ok is false for an unknown or disabled one.
func (r *Roster) person(ctx context.Context, id models.ID) (p Principal, ok bool, err error) {
	var rows []models.Staff
	err = r.db.On(ctx).Where("id = ? AND disabled_at IS NULL", id).Limit(1).Find(&rows).Error
	if err != nil {
		return Principal{}, false, fmt.Errorf("read staff: %w", err)
	}
	if len(rows) == 0 {
		return Principal{}, false, nil
	}
	return Principal{Staff: rows[0], Role: rows[0].Role}, true, nil
}

// secret is 256 random bits, safe in a URL or a cookie.
func secret() string {
	b := make([]byte, 32)
	rand.Read(b) //nolint:errcheck // never fails: the runtime stops the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// Secret is a fresh random value for a form's token: 256 bits, safe in a URL or a cookie.
func Secret() string { return secret() }

// digest is what we keep of a secret: whoever reads the store cannot use it.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func normalEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Names are what people of the salon are called, by account. Unknown accounts are left out.
func (r *Roster) Names(ctx context.Context, ids []models.ID) (map[models.ID]string, error) {
	names := make(map[models.ID]string, len(ids))
	if len(ids) == 0 {
		return names, nil
	}
	var rows []models.Staff
	if err := r.db.On(ctx).Select("id", "name").Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read names of staff: %w", err)
	}
	for _, row := range rows {
		names[row.ID] = row.Name
	}
	return names, nil
}
