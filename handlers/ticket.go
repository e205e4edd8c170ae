package handlers

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"time"

	"frontdesk/internal/clock"
)

// tickets are what we hand out and believe when it comes back: signed, for one use, until a time. Nothing of
// them is kept here, so that any process reads those of another.
type tickets struct {
	key   [sha256.Size]byte
	clock clock.Clock
}

// markBytes is how much of a signature a ticket carries: 128 bits.
const markBytes = 16

// newTickets derives the key from a secret of the configuration; without one a key of this process is made
// up, and no ticket outlives it.
func newTickets(secret string, c clock.Clock) tickets {
	if secret == "" {
		var made [32]byte
		rand.Read(made[:]) //nolint:errcheck // never fails: the runtime stops the program instead
		secret = string(made[:])
	}
	return tickets{sha256.Sum256([]byte("frontdesk tickets\x00" + secret)), c}
}

// sign makes a ticket of what it says, for a use, that is good for so long.
func (t tickets) sign(use string, says []byte, life time.Duration) string {
	body := binary.BigEndian.AppendUint64(append([]byte(nil), says...), uint64(t.clock.Machine().Add(life).Unix()))
	return base64.RawURLEncoding.EncodeToString(append(body, t.mark(use, body)...))
}

// read is what a ticket says, whole only if it was signed here for that use and its time is not over.
func (t tickets) read(use, ticket string, length int) (says []byte, good bool) {
	raw, err := base64.RawURLEncoding.DecodeString(ticket)
	if err != nil || len(raw) != length+8+markBytes {
		return nil, false
	}
	body, mark := raw[:length+8], raw[length+8:]
	ends := int64(binary.BigEndian.Uint64(body[length:])) //nolint:gosec // signed by us before it is believed
	if !hmac.Equal(mark, t.mark(use, body)) || t.clock.Machine().Unix() >= ends {
		return nil, false
	}
	return body[:length], true
}

func (t tickets) mark(use string, body []byte) []byte {
	mac := hmac.New(sha256.New, t.key[:])
	mac.Write([]byte(use))
	mac.Write([]byte{0})
	mac.Write(body)
	return mac.Sum(nil)[:markBytes]
}

// digest names something personal without telling it, the same in every process.
func (t tickets) digest(text string) string {
	return hex.EncodeToString(t.mark("digest", []byte(text)))
}
