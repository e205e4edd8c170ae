package whatsapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// SignatureHeader carries Meta's signature of a webhook.
const SignatureHeader = "X-Hub-Signature-256"

// VerifySignature tells whether header is the signature of the raw body ("sha256=" and the hex of its
// HMAC-SHA256) under the app secret (W4). While a secret is being rotated, secret holds the old and the
// new one with a comma between them. Without a secret nothing verifies. The comparison takes the same
// time wherever the difference lies.
func VerifySignature(secret string, raw []byte, header string) bool {
	given, err := hex.DecodeString(strings.TrimPrefix(header, "sha256="))
	if err != nil || !strings.HasPrefix(header, "sha256=") || len(given) != sha256.Size {
		return false
	}
	valid := false
	for one := range strings.SplitSeq(secret, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		if hmac.Equal(given, digest(one, raw)) {
			valid = true
		}
	}
	return valid
}

// Sign writes the header that VerifySignature accepts under a single secret.
func Sign(secret string, raw []byte) string {
	return "sha256=" + hex.EncodeToString(digest(secret, raw))
}

func digest(secret string, raw []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(raw)
	return mac.Sum(nil)
}
