package stripeapi_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/stripeapi"
)

func stripeMAC(secret, at string, raw []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(at + "."))
	mac.Write(raw)
	return hex.EncodeToString(mac.Sum(nil))
}

// An event that verifies carries a signature of its body and its time under the secret, computed here
// anew, and is not old; a signed one is never refused for its signature, an old one always.
func FuzzVerifyEvent(f *testing.F) {
	now := strconv.FormatInt(time.Now().Unix(), 10)
	f.Add(completed(), "t="+now+",v1="+stripeMAC("whsec", now, completed()), "whsec", int64(0))
	f.Add([]byte("{}"), "t=1,v1=00", "whsec", int64(600))
	f.Add([]byte("{}"), "v1=,t=,v0=", "", int64(-600))
	f.Add([]byte(""), "t="+now+",v1="+strings.Repeat("0", 64)+",v1="+stripeMAC("s", now, nil), "s", int64(299))
	f.Fuzz(func(t *testing.T, raw []byte, header, secret string, age int64) {
		if _, err := stripeapi.VerifyEvent(raw, header, []string{"", secret}, 0); !errors.Is(err, stripeapi.ErrSignature) {
			at, proven := "", false
			for part := range strings.SplitSeq(header, ",") {
				if name, value, _ := strings.Cut(part, "="); name == "t" {
					at = value
				}
			}
			for part := range strings.SplitSeq(header, ",") {
				name, value, _ := strings.Cut(part, "=")
				when, _ := strconv.ParseInt(at, 10, 64)
				proven = proven || name == "v1" && strings.EqualFold(value, stripeMAC(secret, strconv.FormatInt(when, 10), raw))
			}
			if secret == "" || !proven {
				t.Fatalf("%q verifies under %q: %v", header, secret, err)
			}
		}
		if secret == "" || age < -86_400 || age > 86_400 {
			return
		}
		at := strconv.FormatInt(time.Now().Unix()-age, 10)
		_, err := stripeapi.VerifyEvent(raw, fmt.Sprintf("t=%s,v1=%s", at, stripeMAC(secret, at, raw)), []string{"another", secret}, 5*time.Minute)
		refused := errors.Is(err, stripeapi.ErrSignature)
		if age > 330 && !refused {
			t.Errorf("signed %d s ago and taken", age)
		}
		if age >= 0 && age < 200 && refused { // far from the edge: a busy machine loses seconds
			t.Errorf("signed %d s ago and refused", age)
		}
	})
}
