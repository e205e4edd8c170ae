package settings

import (
	"encoding/json"
	"fmt"
	"reflect"

	"frontdesk/internal/fault"
)

// set puts the JSON value of a key into its field.
func (p *Policies) set(key string, raw json.RawMessage) error {
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("policy") != key {
			continue
		}
		if err := json.Unmarshal(raw, v.Field(i).Addr().Interface()); err != nil {
			return fmt.Errorf("policy %s: %w", key, fault.Invalid("settings.wrong_type", map[string]string{key: "settings.wrong_type"}))
		}
		return nil
	}
	return fmt.Errorf("policy %s: %w", key, fault.NotFound("settings.unknown"))
}

// Keys lists the policies there are.
func Keys() []string {
	t := reflect.TypeOf(Policies{})
	keys := make([]string, t.NumField())
	for i := range keys {
		keys[i] = t.Field(i).Tag.Get("policy")
	}
	return keys
}
