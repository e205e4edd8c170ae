package whatsapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
)

// What verifies was signed under one of the secrets, computed here anew; what we sign verifies, while a
// secret is rotated too, and no other body does by the same header.
func FuzzVerifySignature(f *testing.F) {
	body := []byte(`{"object":"whatsapp_business_account"}`)
	f.Add("app-secret", body, Sign("app-secret", body))
	f.Add("new,old", body, Sign("old", body))
	f.Add(" , ", body, Sign("", body))
	f.Add("", []byte{}, "sha256=")
	f.Add("s", []byte("x"), "sha256=sha256=00")
	f.Add("s", []byte("x"), "SHA256="+strings.Repeat("0", 64))
	f.Fuzz(func(t *testing.T, secret string, raw []byte, header string) {
		if VerifySignature(secret, raw, header) {
			given, err := hex.DecodeString(strings.TrimPrefix(header, "sha256="))
			proven := slices.ContainsFunc(strings.Split(secret, ","), func(one string) bool {
				mac := hmac.New(sha256.New, []byte(strings.TrimSpace(one)))
				mac.Write(raw)
				return strings.TrimSpace(one) != "" && hmac.Equal(mac.Sum(nil), given)
			})
			if err != nil || !proven {
				t.Fatalf("%q verifies under %q", header, secret)
			}
		}
		one := strings.TrimSpace(secret)
		if one == "" || strings.Contains(one, ",") {
			return
		}
		signed := Sign(one, raw)
		if !VerifySignature(one, raw, signed) || !VerifySignature("another, "+one, raw, signed) {
			t.Errorf("our own signature is refused under %q", one)
		}
		if VerifySignature(one, append(slices.Clone(raw), ' '), signed) {
			t.Error("the signature fits another body too")
		}
	})
}
