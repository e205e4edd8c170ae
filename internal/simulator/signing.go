package simulator

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"
)

// metaSignature is X-Hub-Signature-256: HMAC-SHA256 of the raw body with the app's secret (W4).
func metaSignature(secret string, body []byte) string { return "sha256=" + hmacHex(secret, body) }

// stripeSignature is Stripe-Signature: the time, and HMAC-SHA256 of "time.body" (C2).
func stripeSignature(secret string, at time.Time, body []byte) string {
	t := fmt.Sprint(at.Unix())
	return "t=" + t + ",v1=" + hmacHex(secret, append([]byte(t+"."), body...))
}

func hmacHex(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// randomID is a prefix and n random letters and digits, as providers make ids.
func randomID(prefix string, n int) string {
	return prefix + randomOf("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", n)
}

func randomDigits(n int) string { return randomOf("0123456789", n) }

func randomOf(alphabet string, n int) string {
	raw := make([]byte, n)
	_, _ = rand.Read(raw) // never fails: it ends the process instead
	for i := range raw {
		raw[i] = alphabet[int(raw[i])%len(alphabet)]
	}
	return string(raw)
}

// wamid is a WhatsApp message id: base64 of bytes nobody should look into.
func wamid(phone string) string {
	return "wamid." + base64.StdEncoding.EncodeToString([]byte("\x1d"+phone+"\x15\x02\x00\x12\x18"+randomOf("0123456789ABCDEF", 20)+"\x00"))
}
