import { Switch } from '@mantine/core';
import { IconDeviceLaptop, IconDeviceMobile } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { DescriptionsProvider } from '../../description/context.tsx';
import { LocalDataContext, useConnectivity, useLocalData } from '../../local-db/context.ts';
import { DEVICE_WORDS, type DeviceKey, type LabDevice } from './device.ts';
import classes from './lab.module.css';

interface DeviceCardProps {
  device: LabDevice;
  /** Something happens on it now. */
  active: boolean;
  /** On a narrow screen one of the two is shown. */
  shown: boolean;
  syncChip: ReactNode;
  children: ReactNode;
}

const ICONS = { laptop: IconDeviceLaptop, phone: IconDeviceMobile } as const satisfies Record<
  DeviceKey,
  unknown
>;

/** A device: everything below it reads and writes that device's own data. */
export function DeviceCard({ device, active, shown, syncChip, children }: DeviceCardProps) {
  const name = DEVICE_WORDS[device.key];
  const Icon = ICONS[device.key];
  return (
    <LocalDataContext value={device.data}>
      <DescriptionsProvider descriptions={device.descriptions}>
        <section aria-label={name} className={classes.device} data-active={active} data-shown={shown}>
          <header className={classes.deviceHead}>
            <h3 className={classes.deviceName}>
              <Icon size={18} stroke={1.6} aria-hidden />
              {name}
            </h3>
            <span className={classes.deviceSync}>{syncChip}</span>
            <OfflineSwitch name={name} />
          </header>
          <div className={classes.deviceBody}>{children}</div>
        </section>
      </DescriptionsProvider>
    </LocalDataContext>
  );
}

function OfflineSwitch({ name }: { name: string }) {
  const { connectivity } = useLocalData();
  const state = useConnectivity();
  return (
    <Switch
      size="xs"
      label="Offline"
      aria-label={`${name}: offline`}
      labelPosition="left"
      checked={state.kind === 'work-offline'}
      onChange={(event) => connectivity.setWorkOffline(event.currentTarget.checked)}
    />
  );
}
