// SPDX-License-Identifier: EUPL-1.2
// From an address to a screen.

import type { JSX } from "preact";
import { Boundary } from "../../../app/src/frame/boundary.tsx";
import { LICENCES, Licences, type Licence } from
    "../../../app/src/frame/licences.tsx";
import { Missing } from "../../../app/src/frame/missing.tsx";
import { Screen } from "../../../app/src/frame/screen.tsx";
import { plugin as pluginNamed } from "../../../app/src/modules.ts";
import { place } from "../../../app/src/router.ts";
import { AccountPage } from "../account/account.tsx";
import { EnrolPage, enrols } from "../account/enrol.tsx";
import { useApi } from "../api.ts";
import { AuditPage } from "../audit/audit.tsx";
import { has, me } from "../session.ts";
import { StaffPage } from "../staff/staff.tsx";
import { StartPage } from "./start.tsx";

const LicencesPage = (): JSX.Element =>
    <Licences {...useApi<Licence[]>(LICENCES)} />;

function content(path: string): JSX.Element {
	const [first = "", second, ...rest] = path.split("/").slice(1)
	    .filter((part, i) => i === 0 || part !== "");
	switch (first) {
	case "":
	case "sign-in":
		return <StartPage />;
	case "account":
		return <AccountPage />;
	case "audit":
		return has("platform", "audit.read") ? <AuditPage /> : <Missing />;
	case "licences":
		return <LicencesPage />;
	case "staff":
		return has("platform", "staff.manage") ? <StaffPage at={second} /> :
		    <Missing />;
	}
	const plugin = pluginNamed(first);
	return plugin && second ? <Screen plugin={plugin} screen={second}
	    params={rest} more={{ me: me.value,
	    can: (right: string) => has(plugin.name, right) }} /> : <Missing />;
}

export function Routes(): JSX.Element {
	const { path } = place.value;
	return <Boundary at={path}>{enrols() ? <EnrolPage /> : content(path)}
	</Boundary>;
}
