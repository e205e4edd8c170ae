package calendar

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
)

// Key is a service account: what the file that Google's console gives out says of it.
type Key struct {
	Email      string `json:"client_email"`
	PrivateKey string `json:"private_key"` // PEM
	ID         string `json:"private_key_id"`
	TokenURL   string `json:"token_uri"`
}

// ParseKey reads the key file, as it is or in base64, which an environment carries more safely. The error
// says nothing of what was read.
func ParseKey(raw string) (Key, error) {
	raw = strings.TrimSpace(raw)
	if !strings.HasPrefix(raw, "{") {
		plain, err := base64.StdEncoding.DecodeString(raw)
		if err != nil {
			return Key{}, errors.New("neither JSON nor base64")
		}
		raw = string(plain)
	}
	var k Key
	if json.Unmarshal([]byte(raw), &k) != nil || k.Email == "" || k.PrivateKey == "" || k.TokenURL == "" {
		return Key{}, errors.New("not the key file of a service account")
	}
	return k, nil
}
