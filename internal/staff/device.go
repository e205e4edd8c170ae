package staff

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
)

// Device is what a browser says it is, in names people know. Empty names are unknown ones.
type Device struct {
	Browser string `json:"browser,omitempty"` // "Firefox"
	System  string `json:"system,omitempty"`  // "Android"
}

// browser is where somebody comes in from, as much of it as is kept.
type browser struct {
	Device   Device `json:"device"`
	Near     string `json:"near"`
	Previous string `json:"previous,omitempty"` // the digest of the session this browser had
}

func (a Attempt) browser() browser {
	b := browser{Device: deviceOf(a.Agent), Near: near(a.Address)}
	if a.Previous != "" {
		b.Previous = digest(a.Previous)
	}
	return b
}

// deviceOf reads a User-Agent. Order matters: most browsers also claim to be those before them.
func deviceOf(agent string) Device {
	first := func(marks ...[2]string) string {
		for _, m := range marks {
			if strings.Contains(agent, m[0]) {
				return m[1]
			}
		}
		return ""
	}
	return Device{
		Browser: first([2]string{"Edg", "Edge"}, [2]string{"OPR/", "Opera"}, [2]string{"SamsungBrowser/", "Samsung Internet"},
			[2]string{"FxiOS/", "Firefox"}, [2]string{"Firefox/", "Firefox"}, [2]string{"CriOS/", "Chrome"}, [2]string{"Chrome/", "Chrome"},
			[2]string{"Safari/", "Safari"}),
		System: first([2]string{"iPhone", "iPhone"}, [2]string{"iPad", "iPad"}, [2]string{"Android", "Android"}, [2]string{"Windows", "Windows"},
			[2]string{"Mac OS X", "macOS"}, [2]string{"CrOS", "ChromeOS"}, [2]string{"Linux", "Linux"}),
	}
}

// near shortens a network address to the part that helps its person recognise it.
func near(address string) string {
	at, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	if at = at.Unmap(); at.Is4() {
		b := at.As4()
		return fmt.Sprintf("%d.%d.x.x", b[0], b[1])
	}
	b := at.As16()
	return fmt.Sprintf("%x:%x:x", binary.BigEndian.Uint16(b[:2]), binary.BigEndian.Uint16(b[2:4]))
}
