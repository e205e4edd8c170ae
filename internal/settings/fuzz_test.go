package settings

import (
	"encoding/json"
	"reflect"
	"testing"
)

// Whatever a policy is set to: what keeps its limits is written and read again as it was, changes no other
// policy, and what does not parse changes nothing.
func FuzzPolicyValue(f *testing.F) {
	for i, seed := range []string{`30`, `"Europe/Madrid"`, `"../../etc/passwd"`, `{"en":"a","es":"b","ar":"c"}`, `null`, `true`, `1e2`, `30.0`, `"EUR"`, `"https://a@b"`, `{"en":"\u202e"}`, `[]`, `-1`, `99999999999999999999`} {
		f.Add(i, seed)
	}
	all := All()
	f.Fuzz(func(t *testing.T, which int, raw string) {
		policy := all[int(uint(which)%uint(len(all)))]
		p := Defaults()
		if err := p.set(policy.Key, json.RawMessage(raw)); err != nil {
			if !reflect.DeepEqual(p, Defaults()) {
				t.Errorf("%s refuses %s and changes", policy.Key, raw)
			}
			return
		}
		if p.check(policy) != "" {
			return
		}
		again := Defaults()
		if err := again.set(policy.Key, p.JSON(policy.Key)); err != nil || !reflect.DeepEqual(again, p) {
			t.Errorf("%s: %s is written %s and read as %v, %v", policy.Key, raw, p.JSON(policy.Key), again.Value(policy.Key), err)
		}
		for _, other := range all {
			if other.Key != policy.Key && !reflect.DeepEqual(p.Value(other.Key), Defaults().Value(other.Key)) {
				t.Errorf("setting %s changed %s", policy.Key, other.Key)
			}
		}
	})
}
