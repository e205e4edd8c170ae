package settings

import (
	"encoding/json"
	"fmt"
	"reflect"

	"frontdesk/internal/fault"
)

// field is where a key's value lies.
func (p *Policies) field(key string) (reflect.Value, bool) {
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("policy") == key {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

// set puts the JSON value of a key into its field.
func (p *Policies) set(key string, raw json.RawMessage) error {
	field, ok := p.field(key)
	if !ok {
		return fmt.Errorf("policy %s: %w", key, fault.NotFound("settings.unknown"))
	}
	fresh := reflect.New(field.Type()) // a map that is read twice would keep what it held
	if err := json.Unmarshal(raw, fresh.Interface()); err != nil || string(raw) == "null" {
		return fmt.Errorf("policy %s: %w", key, refuse(key, "settings.wrong_type"))
	}
	field.Set(fresh.Elem())
	return nil
}

// With is the policies with another value of a key, as JSON gives it: to reckon with. Neither checked nor kept.
func (p Policies) With(key string, raw json.RawMessage) (Policies, error) {
	err := p.set(key, raw)
	return p, err
}

// Value is the value of a key as its type: int, bool, string or models.Text; nil for an unknown key.
func (p Policies) Value(key string) any {
	field, ok := p.field(key)
	if !ok {
		return nil
	}
	return field.Interface()
}

// JSON is the value of a key as it is stored; two equal values are written alike.
func (p Policies) JSON(key string) json.RawMessage {
	raw, err := json.Marshal(p.Value(key))
	if err != nil { // ints, bools, strings and maps of strings always encode
		return nil
	}
	return raw
}

// Keys lists the policies there are.
func Keys() []string {
	t := reflect.TypeOf(Policies{})
	var keys []string
	for i := range t.NumField() {
		if key, ok := t.Field(i).Tag.Lookup("policy"); ok {
			keys = append(keys, key)
		}
	}
	return keys
}
