package staff

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// challengeLife is how long a browser may take to answer a challenge.
const challengeLife = 5 * time.Minute

// ceremony is what a challenge was made for: an answer to one is none to the other.
type ceremony string

const (
	registration ceremony = "registration"
	assertion    ceremony = "assertion"
)

// newRelyingParty makes the passkey side of the address people reach us at. Passkeys belong to its
// host name.
func newRelyingParty(base, name string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("passkeys need the address of the console")
	}
	party, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: name, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		Timeouts: webauthn.TimeoutsConfig{
			Login:        webauthn.TimeoutConfig{Enforce: true, Timeout: challengeLife},
			Registration: webauthn.TimeoutConfig{Enforce: true, Timeout: challengeLife},
		},
	})
	if err != nil {
		return nil, fmt.Errorf("set up passkeys: %w", err)
	}
	return party, nil
}

// keyholder is a person as the passkey library sees them.
type keyholder struct {
	models.Staff
	keys []webauthn.Credential
}

func (k keyholder) WebAuthnID() []byte                         { return k.ID[:] }
func (k keyholder) WebAuthnName() string                       { return k.Email }
func (k keyholder) WebAuthnDisplayName() string                { return k.Name }
func (k keyholder) WebAuthnCredentials() []webauthn.Credential { return k.keys }

// OfferPasskey makes the options a browser needs to create a passkey, as JSON.
func (r *Roster) OfferPasskey(ctx context.Context, h Holder) ([]byte, error) {
	holder, _, err := r.keyholder(ctx, h.Staff)
	if err != nil {
		return nil, err
	}
	options, challenge, err := r.party.BeginRegistration(holder,
		webauthn.WithExclusions(webauthn.Credentials(holder.keys).CredentialDescriptors()),
		webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementPreferred))
	if err != nil {
		return nil, fmt.Errorf("offer passkey: %w", err)
	}
	return r.challenge(ctx, registration, h, options, challenge)
}

// ChallengePasskey makes the options a browser needs to show one of the person's passkeys, as JSON.
// Fault: staff.no_factor.
func (r *Roster) ChallengePasskey(ctx context.Context, h Holder) ([]byte, error) {
	holder, _, err := r.keyholder(ctx, h.Staff)
	if err != nil {
		return nil, err
	}
	if len(holder.keys) == 0 {
		return nil, fault.Conflict("staff.no_factor")
	}
	options, challenge, err := r.party.BeginLogin(holder)
	if err != nil {
		return nil, fmt.Errorf("challenge passkey: %w", err)
	}
	return r.challenge(ctx, assertion, h, options, challenge)
}

// challenge keeps what the answer will be judged by. A later challenge takes its place.
func (r *Roster) challenge(ctx context.Context, c ceremony, h Holder, options any, challenge *webauthn.SessionData) ([]byte, error) {
	kept, err := json.Marshal(challenge)
	if err != nil {
		return nil, fmt.Errorf("encode challenge: %w", err)
	}
	if err := r.redis.Set(ctx, challengeKey(c, h), kept, challengeLife); err != nil {
		return nil, unavailable(err)
	}
	out, err := json.Marshal(options)
	if err != nil {
		return nil, fmt.Errorf("encode options: %w", err)
	}
	return out, nil
}

// challenged gives a challenge back, once.
func (r *Roster) challenged(ctx context.Context, c ceremony, h Holder) (webauthn.SessionData, bool, error) {
	raw, err := r.take(ctx, challengeKey(c, h))
	if err != nil || raw == nil {
		return webauthn.SessionData{}, false, err
	}
	var s webauthn.SessionData
	if err := json.Unmarshal(raw, &s); err != nil {
		return webauthn.SessionData{}, false, fmt.Errorf("read challenge: %w", err)
	}
	return s, true, nil
}

func challengeKey(c ceremony, h Holder) string { return "passkey:" + string(c) + ":" + digest(h.ID) }

// newPasskey is the row of a passkey a browser has just made. Fault: staff.wrong_passkey.
func (r *Roster) newPasskey(ctx context.Context, h Holder, answer []byte) (models.Factor, error) {
	challenge, there, err := r.challenged(ctx, registration, h)
	if err != nil {
		return models.Factor{}, err
	}
	parsed, parseErr := protocol.ParseCredentialCreationResponseBytes(answer)
	if !there || parseErr != nil {
		return models.Factor{}, wrongPasskey(parseErr)
	}
	credential, err := r.party.CreateCredential(keyholder{Staff: h.Staff}, challenge, parsed)
	if err != nil {
		return models.Factor{}, wrongPasskey(err)
	}
	record, err := json.Marshal(credential)
	if err != nil {
		return models.Factor{}, fmt.Errorf("encode passkey: %w", err)
	}
	return models.Factor{ID: models.NewID(), Kind: models.FactorPasskey, CredentialID: credential.ID, Credential: record}, nil
}

func wrongPasskey(cause error) error {
	return &fault.Fault{Kind: fault.KindConflict, Key: "staff.wrong_passkey", Cause: cause}
}

// usePasskey judges the answer to a challenge. A key whose counter went back may be a copy: it is
// refused, and the log says so.
func (r *Roster) usePasskey(ctx context.Context, h Holder, answer []byte) error {
	challenge, there, err := r.challenged(ctx, assertion, h)
	if err != nil {
		return err
	}
	parsed, parseErr := protocol.ParseCredentialRequestResponseBytes(answer)
	if !there || parseErr != nil {
		return errNoProof
	}
	copied := false
	err = r.db.InTx(ctx, func(ctx context.Context) error {
		holder, rows, err := r.keyholder(ctx, h.Staff, clause.Locking{Strength: "NO KEY UPDATE"})
		if err != nil {
			return err
		}
		used, err := r.party.ValidateLogin(holder, challenge, parsed)
		if err != nil {
			return errNoProof // why is between the browser and the key; nobody else learns from it
		}
		copied = used.Authenticator.CloneWarning
		return r.noteUse(ctx, h.Principal, rowOf(rows, used.ID), used)
	})
	if err == nil && copied {
		err = errNoProof
	}
	return err
}

// noteUse writes back what an assertion changed: the counter and the backup state.
func (r *Roster) noteUse(ctx context.Context, p Principal, row models.Factor, used *webauthn.Credential) error {
	if used.Authenticator.CloneWarning {
		return r.log.Record(ctx, audit.Entry{
			Actor: p.Actor(), Action: "factor.copy_suspected", SubjectKind: "staff", SubjectID: p.Staff.ID.String(),
			Detail: map[string]any{"factor": row.ID},
		})
	}
	record, err := json.Marshal(used)
	if err != nil {
		return fmt.Errorf("encode passkey: %w", err)
	}
	err = r.db.On(ctx).Model(&models.Factor{}).Where("id = ?", row.ID).
		UpdateColumns(map[string]any{"credential": record, "last_used_at": r.clock.Machine()}).Error
	if err != nil {
		return fmt.Errorf("note use of passkey: %w", err)
	}
	return nil
}

func rowOf(rows []models.Factor, credential []byte) models.Factor {
	for _, row := range rows {
		if bytes.Equal(row.CredentialID, credential) {
			return row
		}
	}
	return models.Factor{}
}

// keyholder reads a person's passkeys.
func (r *Roster) keyholder(ctx context.Context, person models.Staff, lock ...clause.Expression) (keyholder, []models.Factor, error) {
	k := keyholder{Staff: person}
	var rows []models.Factor
	err := r.db.On(ctx).Clauses(lock...).Where("staff_id = ? AND kind = ?", person.ID, models.FactorPasskey).Order("id").Find(&rows).Error
	if err != nil {
		return k, nil, fmt.Errorf("read passkeys: %w", err)
	}
	for _, row := range rows {
		var c webauthn.Credential
		if err := json.Unmarshal(row.Credential, &c); err != nil {
			return k, nil, fmt.Errorf("read passkey %s: %w", row.ID, err)
		}
		k.keys = append(k.keys, c)
	}
	return k, rows, nil
}
