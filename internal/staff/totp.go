package staff

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Codes of authenticator apps (RFC 6238): six digits, a new one every thirty seconds, and the ones
// before and after are taken too, for clocks that are a little off.
const (
	totpDigits = 6
	totpPeriod = 30
	totpSkew   = 1
)

// offerLife is how long a new secret may be looked at before its first code is typed.
const offerLife = 15 * time.Minute

// Offer is a secret for an authenticator app that is nobody's factor yet. Nothing of it is stored:
// Sealed travels with the form and opens only for whoever it was made for.
type Offer struct {
	Secret string // to type
	URL    string // to scan: otpauth://
	Sealed string
}

// sealedOffer is what Sealed holds.
type sealedOffer struct {
	URL  string    `json:"url"`
	Made time.Time `json:"made"`
}

// OfferTOTP makes a secret for the holder's app.
func (r *Roster) OfferTOTP(h Holder) (Offer, error) {
	key, err := totp.Generate(totp.GenerateOpts{
		Issuer: r.issuer(), AccountName: h.Staff.Email, Period: totpPeriod, SecretSize: 20, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
	if err != nil {
		return Offer{}, fmt.Errorf("make secret: %w", err)
	}
	raw, err := json.Marshal(sealedOffer{URL: key.URL(), Made: r.clock.Machine()})
	if err != nil {
		return Offer{}, fmt.Errorf("encode offer: %w", err)
	}
	sealed := base64.RawURLEncoding.EncodeToString(r.seals.seal(raw, offerOwner(h)))
	return Offer{Secret: key.Secret(), URL: key.URL(), Sealed: sealed}, nil
}

// OpenOffer reads an offer that comes back with its form. Fault: staff.offer_expired.
func (r *Roster) OpenOffer(h Holder, sealed string) (Offer, error) {
	expired := fault.Conflict("staff.offer_expired")
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return Offer{}, expired
	}
	plain, err := r.seals.open(raw, offerOwner(h))
	if err != nil {
		return Offer{}, expired
	}
	var o sealedOffer
	if err := json.Unmarshal(plain, &o); err != nil {
		return Offer{}, fmt.Errorf("read offer: %w", err)
	}
	key, err := otp.NewKeyFromURL(o.URL)
	if err != nil {
		return Offer{}, fmt.Errorf("read offer: %w", err)
	}
	if r.clock.Machine().Sub(o.Made) > offerLife {
		return Offer{}, expired
	}
	return Offer{Secret: key.Secret(), URL: o.URL, Sealed: sealed}, nil
}

func offerOwner(h Holder) string { return "offer:" + h.Staff.ID.String() + ":" + digest(h.ID) }

func factorOwner(id models.ID) string { return "factor:" + id.String() }

// newTOTP is the row of an offer whose first code is right. Faults: staff.offer_expired, and
// staff.wrong_code at the field "code".
func (r *Roster) newTOTP(h Holder, sealed, code string) (models.Factor, error) {
	offer, err := r.OpenOffer(h, sealed)
	if err != nil {
		return models.Factor{}, err
	}
	step, ok, err := r.stepOf(offer.Secret, plainCode(code))
	if err != nil {
		return models.Factor{}, err
	}
	if !ok {
		return models.Factor{}, fault.Invalid("error.validation", map[string]string{"code": "staff.wrong_code"})
	}
	id := models.NewID()
	return models.Factor{ID: id, Kind: models.FactorTOTP, Sealed: r.seals.seal([]byte(offer.Secret), factorOwner(id)), LastStep: step}, nil
}

// useTOTP takes a code of one of the person's apps. Each step is good once, whoever comes first: the
// row decides.
func (r *Roster) useTOTP(ctx context.Context, id models.ID, code string) error {
	var apps []models.Factor
	if err := r.db.On(ctx).Where("staff_id = ? AND kind = ?", id, models.FactorTOTP).Find(&apps).Error; err != nil {
		return fmt.Errorf("read factors: %w", err)
	}
	for _, app := range apps {
		secret, err := r.seals.open(app.Sealed, factorOwner(app.ID))
		if err != nil {
			return fmt.Errorf("read factor %s: %w", app.ID, err)
		}
		step, ok, err := r.stepOf(string(secret), code)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		used := r.db.On(ctx).Model(&models.Factor{}).Where("id = ? AND last_step < ?", app.ID, step).
			UpdateColumns(map[string]any{"last_step": step, "last_used_at": r.clock.Machine()})
		if used.Error != nil {
			return fmt.Errorf("use code: %w", used.Error)
		}
		if used.RowsAffected == 1 {
			return nil
		}
	}
	return errNoProof
}

// stepOf finds the time step a code belongs to, among those that are taken now.
func (r *Roster) stepOf(secret, code string) (step int64, ok bool, err error) {
	now := r.clock.Machine().Unix() / totpPeriod
	for s := now - totpSkew; s <= now+totpSkew; s++ {
		want, err := hotp.GenerateCode(secret, uint64(s))
		if err != nil {
			return 0, false, fmt.Errorf("compute code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(code), []byte(want)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok, nil
}
