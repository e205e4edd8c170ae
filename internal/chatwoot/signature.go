package chatwoot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// Headers of a webhook of current versions (H1, H2).
const (
	SignatureHeader = "X-Chatwoot-Signature"
	TimestampHeader = "X-Chatwoot-Timestamp"
	DeliveryHeader  = "X-Chatwoot-Delivery"
)

// Tolerance is how far a signed timestamp may lie from our machine time, either way.
const Tolerance = 5 * time.Minute

// VerifySignature tells whether header is the signature ("sha256=" and the hex of its HMAC-SHA256) of
// "{timestamp}.{raw body}" under the webhook's secret, and the timestamp is fresh (H1). While a secret is
// being rotated, secret holds the old and the new one with a comma between them. Without a secret nothing
// verifies. The comparison takes the same time wherever the difference lies.
func VerifySignature(secret, timestamp string, raw []byte, header string, now time.Time) bool {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > Tolerance {
		return false
	}
	given, err := hex.DecodeString(strings.TrimPrefix(header, "sha256="))
	if err != nil || !strings.HasPrefix(header, "sha256=") || len(given) != sha256.Size {
		return false
	}
	valid := false
	for one := range strings.SplitSeq(secret, ",") {
		if one = strings.TrimSpace(one); one != "" && hmac.Equal(given, digest(one, timestamp, raw)) {
			valid = true
		}
	}
	return valid
}

// Sign writes the header that VerifySignature accepts under a single secret.
func Sign(secret, timestamp string, raw []byte) string {
	return "sha256=" + hex.EncodeToString(digest(secret, timestamp, raw))
}

func digest(secret, timestamp string, raw []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(raw)
	return mac.Sum(nil)
}
