package staff

import (
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// seals keeps shared secrets so that whoever reads the database cannot use them.
type seals struct{ aead cipher.AEAD }

// newSeals derives the key from a passphrase of the configuration; without one a key of this process
// is made up, and nothing sealed outlives it.
func newSeals(passphrase string) (seals, error) {
	if passphrase == "" {
		passphrase = secret()
	}
	key := sha256.Sum256([]byte("frontdesk second factors\x00" + passphrase))
	aead, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		return seals{}, fmt.Errorf("make seal: %w", err)
	}
	return seals{aead}, nil
}

// seal closes a secret. It opens again only for the same owner.
func (s seals) seal(plain []byte, owner string) []byte {
	nonce := make([]byte, s.aead.NonceSize())
	rand.Read(nonce) //nolint:errcheck // never fails: the runtime stops the program instead
	return s.aead.Seal(nonce, nonce, plain, []byte(owner))
}

func (s seals) open(sealed []byte, owner string) ([]byte, error) {
	if len(sealed) < s.aead.NonceSize() {
		return nil, errors.New("open seal: too short")
	}
	nonce, rest := sealed[:s.aead.NonceSize()], sealed[s.aead.NonceSize():]
	plain, err := s.aead.Open(nil, nonce, rest, []byte(owner))
	if err != nil {
		return nil, fmt.Errorf("open seal: %w", err)
	}
	return plain, nil
}
