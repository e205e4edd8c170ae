package whatsapp

import "testing"

func TestVerifySignature(t *testing.T) {
	body := []byte(`{"text":"مرحبا 💇"}`)
	good := Sign("s3cret", body)
	for _, c := range []struct {
		name, secret, header string
		body                 []byte
		want                 bool
	}{
		{"right", "s3cret", good, body, true},
		{"old secret while rotating", "new,s3cret", good, body, true},
		{"new secret while rotating", "s3cret, new", Sign("new", body), body, true},
		{"one byte flipped", "s3cret", good, append([]byte("x"), body[1:]...), false},
		{"other secret", "other", good, body, false},
		{"no secret", "", Sign("", body), body, false},
		{"only commas", " , ,", Sign("", body), body, false},
		{"no header", "s3cret", "", body, false},
		{"no prefix", "s3cret", good[7:], body, false},
		{"upper case hex", "s3cret", "sha256=" + upper(good[7:]), body, true},
		{"cut short", "s3cret", good[:40], body, false},
		{"not hex", "s3cret", "sha256=" + string(make([]byte, 64)), body, false},
		{"sha1", "s3cret", "sha1=" + good[7:], body, false},
		{"body of nothing", "s3cret", Sign("s3cret", nil), nil, true},
	} {
		if got := VerifySignature(c.secret, c.body, c.header); got != c.want {
			t.Errorf("%s: got %t, want %t", c.name, got, c.want)
		}
	}
}

// The value Meta's algorithm gives for a known secret and body, computed with openssl.
func TestSignIsHMACSHA256(t *testing.T) {
	const want = "sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
	if got := Sign("key", []byte("The quick brown fox jumps over the lazy dog")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func upper(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] >= 'a' {
			b[i] -= 32
		}
	}
	return string(b)
}
