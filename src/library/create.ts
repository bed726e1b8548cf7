import type { Built } from '../built.ts';
import { type Cluster, checkClusters } from '../check.ts';
import { FAIL_ON } from '../config/config.ts';
import { isForEnvironment } from '../config/waiver.ts';
import { diff } from '../diff.ts';
import { diffStatus, exitStatus, simulationStatus } from '../exit-status.ts';
import { explain } from '../explain.ts';
import { fix } from '../fix.ts';
import { type Context, SHOWN } from '../formats/context.ts';
import type { Picture } from '../formats/html/picture.ts';
import { type Documents, formatsOf } from '../formats/index.ts';
import { generateAdmission, generateConftest, generateGatekeeper } from '../generate.ts';
import { readInput } from '../input.ts';
import { picture } from '../picture.ts';
import { reach } from '../reach.ts';
import { recognise } from '../recognition/recognise.ts';
import type { TableReport } from '../report/component-table.ts';
import type { Diff } from '../report/diff.ts';
import type { Report } from '../report/report.ts';
import { openFiles } from '../session.ts';
import { simulate } from '../simulate.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { sourceOf } from '../source.ts';
import { table } from '../table.ts';
import { checkOptions, checkText, FLAG, inputFiles, OBJECT, oneOf, wrong } from './arguments.ts';
import type { Bulkhead, ClusterFiles } from './bulkhead.ts';
import { checkDocument } from './document.ts';
import { deepFrozen } from './frozen.ts';
import {
  ANYTHING,
  CHECK_OPTIONS,
  CLUSTER_OPTIONS,
  DAY,
  ENFORCEMENT,
  FORM,
  NODES,
  ONE_OF_SEVERAL,
  RENDER_OPTIONS,
  TABLE_OPTIONS,
  TARGET,
  WIDTH,
} from './kinds.ts';
import type { ExitStatusOptions, RenderOptions, SimulationStatusOptions } from './options.ts';
import { readersOf } from './readers.ts';
import { acceptanceOf, checkEnvironments, settingsOf } from './settings.ts';

/** The columns of a line of a page. */
const COLUMNS = 100;

/** Makes the door of the library from what the build made. */
export function bulkheadOf(built: Built): Bulkhead {
  const { catalogue } = built;
  const profiles = deepFrozen(built.profiles()) as Bulkhead['profiles'];
  const { readProfile, readConfig, clusterOf } = readersOf(built, profiles);

  const render = <Name extends keyof Documents>(
    name: Name,
    document: Documents[Name],
    format: string,
    options: RenderOptions,
  ): string => {
    const formats = formatsOf(name);
    const kind = oneOf(Object.keys(formats));
    const one = kind.is(format) ? formats[format] : undefined;
    if (one === undefined) throw wrong('format', kind.expected, format);
    const {
      files = {},
      color = false,
      width = COLUMNS,
      verbose = false,
      show = ['notes'],
    } = options;
    const context: Context = {
      source: sourceOf(inputFiles(files, 'options.files')),
      color,
      width,
      verbose,
      show: new Set(show.includes('all') ? SHOWN : show),
      catalogue,
      pages: built.pages,
    };
    return one(document, context);
  };

  return {
    version: catalogue.version,
    policies: deepFrozen(catalogue.policies),
    profiles,
    addons: deepFrozen(built.addons()) as Bulkhead['addons'],
    check: (files, options) => {
      checkOptions(options, CHECK_OPTIONS);
      const cluster = { ...clusterOf(options), files: inputFiles(files) };
      return checkClusters(built, [cluster], settingsOf(options, catalogue.policies));
    },
    checkClusters: (clusters, options = {}) => {
      checkOptions(options, CHECK_OPTIONS);
      if (!Array.isArray(clusters) || clusters.length === 0) {
        throw wrong('clusters', 'a list of clusters, at least one', clusters);
      }
      const each = Array.from(clusters, (given: ClusterFiles, index): Cluster => {
        const name = `clusters[${index}]`;
        checkOptions(given, { ...ONE_OF_SEVERAL, files: ANYTHING }, name);
        const { files, ...own } = given;
        const said = Object.entries(own).filter(([, value]) => value !== undefined);
        const cluster = clusterOf({ ...options, ...Object.fromEntries(said) });
        return { ...cluster, files: inputFiles(files, `${name}.files`) };
      });
      checkEnvironments(each);
      return checkClusters(built, each, settingsOf(options, catalogue.policies));
    },
    diff: (before, after, options) => {
      checkOptions(options, CHECK_OPTIONS);
      const cluster = clusterOf(options);
      const [old, now] = [
        { name: 'before', files: inputFiles(before, 'before') },
        { name: 'after', files: inputFiles(after, 'after') },
      ].map(({ name, files }) => ({ name, clusters: [{ ...cluster, files }] }));
      if (old === undefined || now === undefined) throw new Error('there are two inputs');
      return diff(built, old, now, settingsOf(options, catalogue.policies));
    },
    fixes: (files, options) => {
      checkOptions(options, CHECK_OPTIONS);
      const cluster = { ...clusterOf(options), files: inputFiles(files) };
      return fix(built, [cluster], settingsOf(options, catalogue.policies));
    },
    table: (files, options) => {
      checkOptions(options, TABLE_OPTIONS);
      const { profile, ...cluster } = clusterOf(options);
      return table(built, profile, inputFiles(files), {
        ...cluster,
        ...settingsOf(options, catalogue.policies),
      });
    },
    picture: (files, options) => {
      checkOptions(options, CHECK_OPTIONS);
      const cluster = { ...clusterOf(options), files: inputFiles(files) };
      return picture(built, [cluster], settingsOf(options, catalogue.policies));
    },
    simulate: (files, options) => {
      checkOptions(options, { ...CLUSTER_OPTIONS, nodes: OBJECT });
      const { profile, namespace } = clusterOf(options);
      const nodes = new Map(Object.entries(options.nodes ?? {}));
      for (const [role, count] of nodes) {
        if (!NODES.is(count)) throw wrong(`options.nodes["${role}"]`, NODES.expected, count);
      }
      return simulate(built, profile, inputFiles(files), { nodes, namespace });
    },
    reach: (files, options) => {
      checkOptions(options, CLUSTER_OPTIONS);
      const { profile, namespace, environment } = clusterOf(options);
      return reach(openFiles(built, profile, inputFiles(files), { namespace, environment }));
    },
    generate: (target, options) => {
      if (!TARGET.is(target)) throw wrong('target', TARGET.expected, target);
      checkOptions(options, {
        profile: CLUSTER_OPTIONS.profile,
        config: OBJECT,
        environment: CLUSTER_OPTIONS.environment,
        today: DAY,
        ...(target !== 'conftest' && { enforcement: ENFORCEMENT }),
      });
      const { profile, environment } = clusterOf(options);
      const { waivers, today } = acceptanceOf(options);
      const waiving = {
        waivers: waivers.filter((one) => isForEnvironment(one, environment)),
        today,
      };
      if (target === 'conftest') return generateConftest(built, profile, waiving);
      const generate = target === 'vap' ? generateAdmission : generateGatekeeper;
      return generate(built, profile, options.enforcement, waiving);
    },
    render: (
      document: Report | TableReport | Simulation | Diff | Picture,
      format: string,
      options: RenderOptions = {},
    ) => {
      checkOptions(options, RENDER_OPTIONS);
      checkDocument(document);
      if ('clusters' in document) return render('picture', document, format, options);
      if ('table' in document) return render('table', document, format, options);
      if ('crossing' in document) return render('diff', document, format, options);
      if ('drains' in document) return render('simulation', document, format, options);
      return render('report', document, format, options);
    },
    explain: (id, options = {}) => {
      checkText(id, 'id');
      checkOptions(options, { form: FORM, width: WIDTH });
      const { form = 'summary', width = COLUMNS } = options;
      return explain(built, id, { form, width });
    },
    exitStatus: (
      document: Report | TableReport | Simulation | Diff,
      options: ExitStatusOptions & SimulationStatusOptions = {},
    ) => {
      checkDocument(document);
      if ('drains' in document) {
        checkOptions(options, { profile: CLUSTER_OPTIONS.profile });
        const { profile } = clusterOf(options);
        if (profile.name === document.profile) return simulationStatus(document, profile);
        throw wrong('options.profile', `that of the simulation, ${document.profile}`, profile.name);
      }
      checkOptions(options, { failOn: oneOf(FAIL_ON), requireComponents: FLAG });
      const { failOn = 'error', requireComponents = false } = options;
      if ('crossing' in document) return diffStatus(document, failOn, requireComponents);
      return exitStatus(
        'table' in document ? document.report : document,
        failOn,
        requireComponents,
      );
    },
    readProfile,
    readConfig,
    recognise: (files) => recognise(readInput(inputFiles(files)).objects.map(({ value }) => value)),
  };
}
