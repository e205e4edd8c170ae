package staff

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

const testOrigin = "http://localhost"

// softKey is a security key in software: it answers challenges as a browser and its device would.
type softKey struct {
	t       *testing.T
	key     *ecdsa.PrivateKey
	id      []byte
	user    []byte
	counter uint32
	flags   byte // user present, user verified, backup eligible, backed up
	origin  string
	rp      string
}

func newSoftKey(t *testing.T) *softKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	rand.Read(id) //nolint:errcheck // never fails
	return &softKey{t: t, key: key, id: id, counter: 1, flags: 0x01 | 0x04 | 0x08, origin: testOrigin, rp: "localhost"}
}

// asked is what the options of either ceremony hold.
type asked struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
	} `json:"publicKey"`
}

func (k *softKey) read(options []byte) asked {
	k.t.Helper()
	var a asked
	k.must(json.Unmarshal(options, &a))
	return a
}

func (k *softKey) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (k *softKey) clientData(ceremony, challenge string) []byte {
	raw, err := json.Marshal(map[string]any{"type": "webauthn." + ceremony, "challenge": challenge, "origin": k.origin, "crossOrigin": false})
	k.must(err)
	return raw
}

// authData is what the device signs: for whom, what it did, and how often.
func (k *softKey) authData(flags byte) []byte {
	rp := sha256.Sum256([]byte(k.rp))
	return binary.BigEndian.AppendUint32(append(rp[:], k.flags|flags), k.counter)
}

// register answers a registration.
func (k *softKey) register(options []byte) []byte {
	k.t.Helper()
	a := k.read(options)
	user, err := base64.RawURLEncoding.DecodeString(a.PublicKey.User.ID)
	k.must(err)
	k.user = user
	public, err := webauthncbor.Marshal(webauthncose.EC2PublicKeyData{
		PublicKeyData: webauthncose.PublicKeyData{KeyType: int64(webauthncose.EllipticKey), Algorithm: int64(webauthncose.AlgES256)},
		Curve:         int64(webauthncose.P256), XCoord: k.key.X.FillBytes(make([]byte, 32)), YCoord: k.key.Y.FillBytes(make([]byte, 32)),
	})
	k.must(err)
	data := append(k.authData(0x40), make([]byte, 16)...) // no make of device is named
	data = binary.BigEndian.AppendUint16(data, uint16(len(k.id)))
	data = append(append(data, k.id...), public...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	k.must(err)
	return k.answer(map[string]any{
		"clientDataJSON": b64(k.clientData("create", a.PublicKey.Challenge)), "attestationObject": b64(object), "transports": []string{"internal"},
	})
}

// sign answers an assertion.
func (k *softKey) sign(options []byte) []byte {
	k.t.Helper()
	client, data := k.clientData("get", k.read(options).PublicKey.Challenge), k.authData(0)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, k.key, digest[:])
	k.must(err)
	return k.answer(map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(k.user),
	})
}

func (k *softKey) answer(response map[string]any) []byte {
	raw, err := json.Marshal(map[string]any{
		"id": b64(k.id), "rawId": b64(k.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
	})
	k.must(err)
	return raw
}

// withKey enrols a key for whoever is signed in.
func (h *house) withKey(p Principal, s Session) (*softKey, Session) {
	h.t.Helper()
	ctx, key := context.Background(), newSoftKey(h.t)
	options, err := h.OfferPasskey(ctx, Holder{Principal: p, ID: s.ID})
	h.must(err)
	done, err := h.AddFactor(ctx, p, s, NewFactor{Name: "Laptop", Passkey: key.register(options)})
	h.must(err)
	return key, done.Session
}

func TestPasskeys(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	key, s := h.withKey(p, s)
	if s.ProvedBy != ByPasskey {
		t.Errorf("proved by %s", s.ProvedBy)
	}
	var row models.Factor
	h.must(h.db.On(ctx).Where("staff_id = ?", p.Staff.ID).Take(&row).Error)
	var record webauthn.Credential
	h.must(json.Unmarshal(row.Credential, &record))
	if record.Authenticator.SignCount != 1 || !record.Flags.BackupEligible || record.Flags.BackupState {
		t.Errorf("the record keeps %+v, %+v", record.Authenticator, record.Flags)
	}
	entry, err := h.SignIn(ctx, Attempt{Email: email, Password: password})
	h.must(err)
	options, err := h.ChallengePasskey(ctx, Holder{Principal: p, ID: entry.Pending.ID})
	h.must(err)
	key.counter, key.flags = 2, key.flags|0x10
	answer := key.sign(options)
	in, err := h.Prove(ctx, entry.Pending.ID, Evidence{Passkey: answer})
	h.must(err)
	if in.Session.ProvedBy != ByPasskey {
		t.Errorf("came in by %s", in.Session.ProvedBy)
	}
	h.must(h.db.On(ctx).Where("id = ?", row.ID).Take(&row).Error)
	h.must(json.Unmarshal(row.Credential, &record))
	if record.Authenticator.SignCount != 2 || !record.Flags.BackupState || row.LastUsedAt == nil {
		t.Errorf("after use the record keeps %+v, %+v", record.Authenticator, record.Flags)
	}
}

// Nothing opens but the right key's answer to the challenge of this sign-in, given once, on our own site.
func TestPasskeysAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	key, s := h.withKey(p, s)
	holder := Holder{Principal: p, ID: s.ID}
	challenge := func() []byte {
		options, err := h.ChallengePasskey(ctx, holder)
		h.must(err)
		return options
	}
	key.counter++
	used := key.sign(challenge())
	h.must(h.usePasskey(ctx, holder, used))
	stranger := newSoftKey(t)
	for name, answer := range map[string]func() []byte{
		"a challenge answered before": func() []byte { return used },
		"no challenge at all":         func() []byte { challenge(); _, _ = h.take(ctx, challengeKey(assertion, holder)); return used },
		"an answer to another one":    func() []byte { old := challenge(); challenge(); return key.sign(old) },
		"another key":                 func() []byte { return stranger.sign(challenge()) },
		"another key by that name": func() []byte {
			stranger.id, stranger.user = key.id, key.user
			return stranger.sign(challenge())
		},
		"another site": func() []byte {
			key.origin = "https://frontdesk.example"
			defer func() { key.origin = testOrigin }()
			return key.sign(challenge())
		},
		"another party": func() []byte {
			key.rp = "example"
			defer func() { key.rp = "localhost" }()
			return key.sign(challenge())
		},
		"nobody touched it": func() []byte {
			key.flags &^= 0x01
			defer func() { key.flags |= 0x01 }()
			return key.sign(challenge())
		},
		"nonsense": func() []byte { challenge(); return []byte(`{"id":"x"}`) },
	} {
		key.counter++
		if err := h.usePasskey(ctx, holder, answer()); !errors.Is(err, errNoProof) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	key.counter++
	h.must(h.usePasskey(ctx, holder, key.sign(challenge())))
}

// A key whose counter goes back may be a copy of it: refused, and written down.
func TestACopiedPasskeyIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	key, s := h.withKey(p, s)
	key.counter = 7
	for _, want := range []error{nil, errNoProof} { // the second time the counter stands still
		options, err := h.ChallengePasskey(ctx, Holder{Principal: p, ID: s.ID})
		h.must(err)
		if err := h.usePasskey(ctx, Holder{Principal: p, ID: s.ID}, key.sign(options)); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	if h.audited("factor.copy_suspected") != 1 {
		t.Error("nobody wrote it down")
	}
}

func TestAPasskeyIsEnrolledOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	s, p := h.in(Attempt{Email: email, Password: password})
	key, s := h.withKey(p, s)
	holder := Holder{Principal: p, ID: s.ID}
	options, err := h.OfferPasskey(ctx, holder)
	h.must(err)
	if _, err := h.AddFactor(ctx, p, s, NewFactor{Name: "Again", Passkey: key.register(options)}); !fault.Is(err, "staff.wrong_passkey") {
		t.Errorf("the same key again: got %v", err)
	}
	if _, err := h.AddFactor(ctx, p, s, NewFactor{Name: "Late", Passkey: newSoftKey(t).register(options)}); !fault.Is(err, "staff.wrong_passkey") {
		t.Errorf("the challenge again: got %v", err)
	}
	factors, err := h.Factors(ctx, p.Staff.ID)
	h.must(err)
	if len(factors) != 1 || len(factors[0].Credential) != 0 {
		t.Errorf("listed %+v", factors)
	}
	h.must(h.RenameFactor(ctx, p, factors[0].ID, "Office laptop"))
	if err := h.RemoveFactor(ctx, h.admin("nadia@luma.example"), Session{}, factors[0].ID); !fault.Is(err, "staff.no_factor") {
		t.Errorf("somebody else's factor: got %v", err)
	}
	h.must(h.RemoveFactor(ctx, p, s, factors[0].ID))
	if left, err := h.RecoveryCodesLeft(ctx, p.Staff.ID); err != nil || left != 0 {
		t.Errorf("recovery codes without a factor: %d, %v", left, err)
	}
	h.in(Attempt{Email: email, Password: password})
}
